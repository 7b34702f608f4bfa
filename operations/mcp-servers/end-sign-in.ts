import * as v from "valibot";
import { type Granted, redeemCode } from "#/agents/connections/oauth/tokens.ts";
import type { ConnectionKind } from "#/agents/vocabulary/connection.ts";
import { recordAudit } from "#/db/audit.ts";
import type { Tenant } from "#/db/client.ts";
import { readConnection } from "#/db/connections.ts";
import { readMcpServer } from "#/db/mcp-servers.ts";
import { readTokens, storeTokens } from "#/db/sign-ins.ts";
import type { Person } from "#/lib/auth/principal.ts";
import { mayStill, openTenant } from "#/operations/access/people.ts";
import {
  type BegunSignIn,
  readState,
  redirectUri,
  takeBegun,
} from "#/operations/connections/begun-sign-in.ts";
import { testStored } from "#/operations/connections/test.ts";
import { sealTokens } from "#/operations/connections/tokens.ts";
import { askServer } from "#/operations/mcp-servers/refresh.ts";
import { authorityFetch } from "#/operations/mcp-servers/tokens.ts";

/** The query with which an authority sends a person back. */
export const SignInAnswer = v.object({
  state: v.pipe(v.string(), v.maxLength(500)),
  code: v.optional(v.pipe(v.string(), v.maxLength(8_192))),
  iss: v.optional(v.pipe(v.string(), v.maxLength(2_048))),
  error: v.optional(v.pipe(v.string(), v.maxLength(500))),
  error_description: v.optional(v.pipe(v.string(), v.maxLength(2_000))),
});
type SignInAnswer = v.InferOutput<typeof SignInAnswer>;

/** The connection that a sign-in is about, where there is one. */
interface SignedIn {
  readonly id: string;
  readonly kind: ConnectionKind;
}

export type SignInEnd =
  | { readonly ok: true; readonly connection: SignedIn }
  | { readonly ok: false; readonly connection?: SignedIn; readonly reason: string };

const CHANGED = "The connection was changed while you signed in. Begin it again.";
const OVER = "This sign-in is over, or was begun by somebody else. Begin it again.";

/** Ends a sign-in that a person has begun: checks who answers, turns the code into tokens, and tries them. A state counts once. */
export async function endSignIn(person: Person, answer: SignInAnswer): Promise<SignInEnd> {
  const state = readState(answer.state);
  if (!state) return { ok: false, reason: OVER };
  if (!(await mayStill(person, "connections:write")))
    return { ok: false, reason: "Only an admin of the workspace can sign in to a server." };
  const tenant = openTenant(person);
  // Read first: whoever changes the connection from now on ends what is going on here.
  const { revision } = await readTokens(tenant, state.id);
  const begun = await takeBegun(tenant, state);
  const kind = (await readConnection(tenant, { id: state.id }))?.kind;
  if (!begun || !kind) return { ok: false, reason: OVER };
  const connection = { id: state.id, kind };
  const granted = await redeem(begun, answer);
  if (!granted.ok) return { ok: false, connection, reason: granted.reason };
  const sealed = sealTokens(state.id, granted.tokens);
  if (!(await storeTokens(tenant, state.id, { sealed, revision })))
    return { ok: false, connection, reason: CHANGED };
  await tryOut(tenant, connection);
  await recordAudit(tenant, {
    actor: { kind: "person", id: person.userId },
    action: kind === "mcp" ? "mcp-server.signed-in" : "connection.signed-in",
    targetId: state.id,
  });
  return { ok: true, connection };
}

function redeem(begun: BegunSignIn, answer: SignInAnswer): Promise<Granted> | Granted {
  const refusal = refusalIn(begun, answer);
  if (refusal !== undefined) return { ok: false, isOver: true, reason: refusal };
  return redeemCode(
    { fetch: authorityFetch(), now: Date.now },
    { ...begun.authority, client: begun.client },
    { code: answer.code ?? "", verifier: begun.verifier, redirectUri: redirectUri() },
  );
}

/** Looks at once at what the sign-in is good for: the tools of an MCP server, or whether an API lets us in. */
async function tryOut(tenant: Tenant, { id, kind }: SignedIn): Promise<void> {
  if (kind !== "mcp") return void (await testStored(tenant, id));
  const server = await readMcpServer(tenant, id);
  if (server) await askServer(tenant, server);
}

/** Why an answer is not one to redeem: an authority that answers for another (mix-up), or a person who has said no. */
function refusalIn({ authority }: BegunSignIn, { iss, code, ...told }: SignInAnswer): string | undefined {
  const isMissing = iss === undefined && authority.namesItself;
  if (isMissing || (iss !== undefined && !isNameOf(authority, iss)))
    return `The answer does not come from ${authority.issuer}, so it was not used.`;
  if (told.error !== undefined) return `${authority.issuer} says: ${told.error_description ?? told.error}`;
  return code === undefined ? "The answer has no code." : undefined;
}

/** Of an authority that nobody has named, a name at the place where the person signed in is taken. */
const isNameOf = ({ issuer, isUnnamed }: BegunSignIn["authority"], name: string): boolean =>
  issuer === (isUnnamed ? URL.parse(name)?.origin : name);
