import { createHash } from "node:crypto";
import * as v from "valibot";
import type { Authority } from "#/agents/connections/oauth/discover.ts";
import { fetchJson } from "#/agents/connections/oauth/fetch-json.ts";
import type { OAuthClient } from "#/agents/connections/oauth/tokens.ts";
import type { GuardedFetch } from "#/lib/outbound.ts";

/** Our name and addresses, as documents and registrations give them. */
export interface ClientIdentity {
  /** The address of our metadata document. */
  readonly documentUrl: string;
  readonly redirectUri: string;
  readonly name: string;
}

/** Our metadata as a client (RFC 7591). */
export const describeClient = ({ name, redirectUri }: ClientIdentity) => ({
  client_name: name,
  redirect_uris: [redirectUri],
  grant_types: ["authorization_code", "refresh_token"],
  response_types: ["code"],
  token_endpoint_auth_method: "none",
});

type Introduced =
  | { readonly ok: true; readonly client: OAuthClient }
  | { readonly ok: false; readonly reason: string };

const Registered = v.looseObject({
  client_id: v.pipe(v.string(), v.minLength(1), v.maxLength(2_048)),
  client_secret: v.optional(v.pipe(v.string(), v.maxLength(4_096))),
});

/** Finds the client to sign in as: one that an admin has registered, our metadata document, or one that is registered now. */
export async function introduce(
  fetch: GuardedFetch,
  authority: Authority,
  { given, identity }: { readonly given: OAuthClient | undefined; readonly identity: ClientIdentity },
): Promise<Introduced> {
  if (given) return { ok: true, client: given };
  // A document that nobody else can reach introduces nobody.
  if (authority.takesClientDocuments && identity.documentUrl.startsWith("https://"))
    return { ok: true, client: { id: identity.documentUrl } };
  if (authority.registrationEndpoint === undefined)
    return {
      ok: false,
      reason: `${authority.issuer} registers no clients by itself. Register one there and give its client ID.`,
    };
  const { status, json, reason } = await fetchJson(fetch, {
    url: authority.registrationEndpoint,
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify(describeClient(identity)),
  });
  const read = v.safeParse(Registered, json);
  if (status < 200 || status > 299 || !read.success)
    return {
      ok: false,
      reason: `${authority.issuer} did not register us (${reason}). Register a client there and give its client ID.`,
    };
  const { client_id: id, client_secret: secret } = read.output;
  return { ok: true, client: { id, secret } };
}

interface Beginning {
  readonly client: OAuthClient;
  readonly redirectUri: string;
  readonly scope: string | undefined;
  readonly state: string;
  readonly verifier: string;
}

/** The address at which a person lets us in. */
export function toAuthorizationUrl(
  { authorizationEndpoint, resource }: Authority,
  { client, redirectUri, scope, state, verifier }: Beginning,
): string {
  const url = new URL(authorizationEndpoint);
  const parameters = {
    response_type: "code",
    client_id: client.id,
    redirect_uri: redirectUri,
    state,
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
    ...(resource !== undefined && { resource }),
    ...(scope && { scope }),
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
}
