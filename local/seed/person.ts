import type { LocalConfig } from "../config.ts";
import { Api } from "./api.ts";

export interface FirstPerson {
  readonly email: string;
  readonly firstName?: string;
  readonly lastName?: string;
  readonly organization: { readonly name: string; readonly slug: string };
}

const ADA: FirstPerson = {
  email: "ada@cairn.local",
  firstName: "Ada",
  lastName: "Lovelace",
  organization: { name: "Harbor Cloud", slug: "harbor-cloud" },
};
const TOKEN_SECONDS = 600;

const backend = ({ ports, secrets }: LocalConfig) =>
  new Api(`http://127.0.0.1:${ports.identity}`, secrets.clerkSecretKey);

/** Makes the sample person and organization, unless they are there, and signs the person in. @returns a session token */
export async function signInAsAda(config: LocalConfig): Promise<string> {
  return openSession(config, await ensurePerson(config, ADA));
}

/** @returns a session token for some minutes, without a password: for programs of this machine */
export async function openSession(config: LocalConfig, userId: string): Promise<string> {
  const clerk = backend(config);
  const { id } = await clerk.post<{ id: string }>("/v1/sessions", { user_id: userId });
  const { jwt } = await clerk.post<{ jwt: string }>(`/v1/sessions/${id}/tokens`, {
    expires_in_seconds: TOKEN_SECONDS,
  });
  return jwt;
}

/** Makes a person with the installation's password, and an organization of theirs, at the identity provider, unless they are there. Speaks Clerk's Backend API. @returns the person's id */
export async function ensurePerson(config: LocalConfig, person: FirstPerson): Promise<string> {
  const clerk = backend(config);
  const known = await clerk.get<readonly { id: string }[]>(
    `/v1/users?email_address=${encodeURIComponent(person.email)}`,
  );
  const userId = known[0]?.id ?? (await createPerson(clerk, person, config.secrets.userPassword));
  await ensureOrganization(clerk, person, userId);
  return userId;
}

async function createPerson(
  clerk: Api,
  { email, firstName, lastName }: FirstPerson,
  password: string,
): Promise<string> {
  const { id } = await clerk.post<{ id: string }>("/v1/users", {
    email_address: [email],
    password,
    first_name: firstName,
    last_name: lastName,
  });
  return id;
}

/** Apart from the person: a first start that was interrupted between the two is fixed by the next. */
async function ensureOrganization(clerk: Api, { organization }: FirstPerson, userId: string): Promise<void> {
  const { total_count: memberships } = await clerk.get<{ total_count: number }>(
    `/v1/users/${userId}/organization_memberships`,
  );
  if (memberships === 0) await clerk.post("/v1/organizations", { ...organization, created_by: userId });
}
