import { createHash } from "node:crypto";
import { redeemCode, type Tokens } from "#/agents/mcp/sign-in/tokens.ts";
import { recordAudit } from "#/db/audit.ts";
import type { Tenant } from "#/db/client.ts";
import { readMcpServer, storeTokens, takeSignIn } from "#/db/mcp-servers.ts";
import { roleAllows } from "#/lib/auth/permissions.ts";
import type { Person } from "#/lib/auth/principal.ts";
import { sealer } from "#/lib/seal.ts";
import { isUuid } from "#/lib/uuid.ts";
import { openTenant, readRole } from "#/operations/access/people.ts";
import { BegunSignIn, beganPurpose } from "#/operations/mcp-servers/begun-sign-in.ts";
import { redirectUri } from "#/operations/mcp-servers/identity.ts";
import { askServer } from "#/operations/mcp-servers/refresh.ts";
import { authorityFetch, sealTokens } from "#/operations/mcp-servers/tokens.ts";
import * as v from "valibot";

/** The query with which an authority sends a person back. */
export const SignInAnswer = v.object({
  state: v.pipe(v.string(), v.maxLength(500)),
  code: v.optional(v.pipe(v.string(), v.maxLength(8_192))),
  iss: v.optional(v.pipe(v.string(), v.maxLength(2_048))),
  error: v.optional(v.pipe(v.string(), v.maxLength(500))),
  error_description: v.optional(v.pipe(v.string(), v.maxLength(2_000))),
});
type SignInAnswer = v.InferOutput<typeof SignInAnswer>;

export type SignInEnd =
  | { readonly ok: true; readonly id: string }
  | { readonly ok: false; readonly id?: string; readonly reason: string };

const OVER = "This sign-in is over, or was begun by somebody else. Begin it again.";

/** Ends a sign-in that a person has begun: checks who answers, turns the code into tokens, and reads the server's tools. A state counts once. */
export async function endSignIn(person: Person, answer: SignInAnswer): Promise<SignInEnd> {
  const [id = "", secret = ""] = answer.state.split(".", 2);
  if (!isUuid(id)) return { ok: false, reason: OVER };
  if (!(await mayChange(person)))
    return { ok: false, reason: "Only an admin of the workspace can sign in to a server." };
  const tenant = openTenant(person);
  const sealed = await takeSignIn(tenant, id, createHash("sha256").update(secret).digest("hex"));
  if (sealed === undefined) return { ok: false, reason: OVER };
  const begun = v.parse(BegunSignIn, JSON.parse(sealer().unseal(sealed, beganPurpose(id))));
  const refusal = refusalIn(begun, answer);
  if (refusal !== undefined) return { ok: false, id, reason: refusal };
  const granted = await redeemCode(
    { fetch: authorityFetch(), now: Date.now },
    { ...begun.authority, client: begun.client },
    { code: answer.code ?? "", verifier: begun.verifier, redirectUri: redirectUri() },
  );
  if (!granted.ok) return { ok: false, id, reason: granted.reason };
  await keepTokens(tenant, id, granted.tokens);
  await recordAudit(tenant, {
    actor: { kind: "person", id: person.userId },
    action: "mcp-server.signed-in",
    targetId: id,
  });
  return { ok: true, id };
}

async function mayChange(person: Person): Promise<boolean> {
  const role = await readRole(person);
  return role !== undefined && roleAllows(role, "connections:write");
}

async function keepTokens(tenant: Tenant, id: string, tokens: Tokens): Promise<void> {
  const before = await readMcpServer(tenant, id);
  if (!before) return;
  await storeTokens(tenant, id, { sealed: sealTokens(id, tokens), revision: before.tokensRevision });
  const server = await readMcpServer(tenant, id);
  if (server) await askServer(tenant, server);
}

/** Why an answer is not one to redeem: an authority that answers for another (mix-up), or a person who has said no. */
function refusalIn({ authority }: BegunSignIn, { iss, code, ...told }: SignInAnswer): string | undefined {
  const isMissing = iss === undefined && authority.namesItself;
  if (isMissing || (iss !== undefined && iss !== authority.issuer))
    return `The answer does not come from ${authority.issuer}, so it was not used.`;
  if (told.error !== undefined) return `${authority.issuer} says: ${told.error_description ?? told.error}`;
  return code === undefined ? "The answer has no code." : undefined;
}
