import { createHash, randomBytes } from "node:crypto";
import * as v from "valibot";
import { toAuthorizationUrl } from "#/agents/connections/oauth/begin.ts";
import { OAuthClient } from "#/agents/connections/oauth/tokens.ts";
import type { Tenant } from "#/db/client.ts";
import { beginSignIn, takeSignIn } from "#/db/sign-ins.ts";
import { env } from "#/lib/env.ts";
import { sealer } from "#/lib/seal.ts";
import { isUuid } from "#/lib/uuid.ts";

/** The address that sign-ins come back to. */
export const redirectUri = (): string => `${env().appUrl}/api/mcp-sign-in`;

/** The part of a sign-in's beginning that its end needs. */
const BegunSignIn = v.object({
  verifier: v.string(),
  client: OAuthClient,
  authority: v.object({
    issuer: v.string(),
    isUnnamed: v.optional(v.boolean()),
    authorizationEndpoint: v.string(),
    tokenEndpoint: v.string(),
    registrationEndpoint: v.optional(v.string()),
    takesClientDocuments: v.boolean(),
    namesItself: v.boolean(),
    resource: v.optional(v.string()),
    scope: v.optional(v.string()),
  }),
});
export type BegunSignIn = v.InferOutput<typeof BegunSignIn>;

const purposeOf = (id: string) => `mcp sign-in ${id}`;
const hash = (secret: string) => createHash("sha256").update(secret).digest("hex");

/** Begins a sign-in of a connection and keeps what its end needs. @returns the address at which a person lets us in */
export async function openSignIn(
  tenant: Tenant,
  id: string,
  { scope, ...asked }: Omit<BegunSignIn, "verifier"> & { readonly scope: string | undefined },
): Promise<string> {
  const begun: BegunSignIn = { ...asked, verifier: randomBytes(32).toString("base64url") };
  const secret = randomBytes(32).toString("base64url");
  await beginSignIn(tenant, id, {
    stateHash: hash(secret),
    sealed: sealer().seal(JSON.stringify(begun), purposeOf(id)),
  });
  return toAuthorizationUrl(
    { ...begun.authority, registrationEndpoint: undefined, resource: begun.authority.resource, scope },
    {
      client: begun.client,
      redirectUri: redirectUri(),
      scope,
      state: `${id}.${secret}`,
      verifier: begun.verifier,
    },
  );
}

/** Reads the connection that a state was made for; undefined for a text that is no state. */
export function readState(state: string): { readonly id: string; readonly secret: string } | undefined {
  const [id = "", secret = ""] = state.split(".", 2);
  return isUuid(id) ? { id, secret } : undefined;
}

/** Takes what was kept of a begun sign-in, once; undefined when it is over, or was begun elsewhere. */
export async function takeBegun(
  tenant: Tenant,
  { id, secret }: { readonly id: string; readonly secret: string },
): Promise<BegunSignIn | undefined> {
  const sealed = await takeSignIn(tenant, id, hash(secret));
  return sealed === undefined
    ? undefined
    : v.parse(BegunSignIn, JSON.parse(sealer().unseal(sealed, purposeOf(id))));
}
