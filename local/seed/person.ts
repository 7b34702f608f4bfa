import type { LocalConfig } from "../config.ts";
import { Api } from "./api.ts";

const ADA = { email: "ada@cairn.local", firstName: "Ada", lastName: "Lovelace" } as const;
const ORGANIZATION = { name: "Harbor Cloud", slug: "harbor-cloud" } as const;
const TOKEN_SECONDS = 600;

/**
 * Makes the sample person and organization at the identity provider, unless they are there, and signs the person in.
 * Speaks Clerk's Backend API. @returns a session token
 */
export async function signInAsAda({ ports, secrets }: LocalConfig): Promise<string> {
  const clerk = new Api(`http://127.0.0.1:${ports.identity}`, secrets.clerkSecretKey);
  const known = await clerk.get<readonly { id: string }[]>(
    `/v1/users?email_address=${encodeURIComponent(ADA.email)}`,
  );
  const userId = known[0]?.id ?? (await createAda(clerk, secrets.userPassword));
  await ensureOrganization(clerk, userId);
  const { id: sessionId } = await clerk.post<{ id: string }>("/v1/sessions", { user_id: userId });
  const { jwt } = await clerk.post<{ jwt: string }>(`/v1/sessions/${sessionId}/tokens`, {
    expires_in_seconds: TOKEN_SECONDS,
  });
  return jwt;
}

async function createAda(clerk: Api, password: string): Promise<string> {
  const { id } = await clerk.post<{ id: string }>("/v1/users", {
    email_address: [ADA.email],
    password,
    first_name: ADA.firstName,
    last_name: ADA.lastName,
  });
  return id;
}

/** Apart from the person: a first start that was interrupted between the two is fixed by the next. */
async function ensureOrganization(clerk: Api, userId: string): Promise<void> {
  const { total_count: memberships } = await clerk.get<{ total_count: number }>(
    `/v1/users/${userId}/organization_memberships`,
  );
  if (memberships === 0) await clerk.post("/v1/organizations", { ...ORGANIZATION, created_by: userId });
}
