import "server-only";
import { setTimeout as sleep } from "node:timers/promises";
import * as v from "valibot";
import type { TokenKeeper } from "#/agents/connections/connection.ts";
import { signInOf } from "#/agents/connections/fields.ts";
import { askForClient, type Granted, refreshTokens, Tokens } from "#/agents/connections/oauth/tokens.ts";
import { StepError } from "#/agents/steps/step-error.ts";
import type { Tenant } from "#/db/client.ts";
import type { ConnectionFields, SealedConnection } from "#/db/connections.ts";
import { readTokens, storeTokens } from "#/db/sign-ins.ts";
import type { GuardedFetch } from "#/lib/outbound.ts";
import { sealer } from "#/lib/seal.ts";

/** Named for the kind that had tokens first: what is sealed opens under no other name. */
const purposeOf = (id: string) => `mcp tokens ${id}`;

/** Tokens as they are stored. They open for this connection only. */
export function sealTokens(id: string, tokens: Tokens): string {
  return sealer().seal(JSON.stringify(tokens), purposeOf(id));
}

export function openTokens(id: string, sealed: string | null): Tokens | undefined {
  return sealed === null ? undefined : v.parse(Tokens, JSON.parse(sealer().unseal(sealed, purposeOf(id))));
}

/** A token is not used up to its last second: clocks differ, and a request takes time. */
const MARGIN_MS = 60_000;

export const isFresh = ({ until = Infinity }: Tokens, now: number): boolean => until >= now + MARGIN_MS;

interface Renewal {
  /** Of the tokens that are renewed. */
  readonly revision: number;
  readonly renew: () => Promise<Granted>;
}

/** Of two that refresh with one token, one is refused. The other has stored what it got when this time is over. */
const SETTLED_MS = 1_500;

/** Gets tokens anew and stores them. Where somebody else has stored some meanwhile, theirs count; a sign-in that is refused for good is forgotten. */
export async function renewTokens(
  tenant: Tenant,
  id: string,
  { revision, renew }: Renewal,
): Promise<Granted> {
  const granted = await renew();
  if (!granted.ok && !granted.isOver) return granted;
  if (!granted.ok) await sleep(SETTLED_MS);
  const sealed = granted.ok ? sealTokens(id, granted.tokens) : null;
  if (await storeTokens(tenant, id, { sealed, revision })) return granted;
  const tokens = openTokens(id, (await readTokens(tenant, id)).sealed);
  return tokens
    ? { ok: true, tokens }
    : { ok: false, isOver: false, reason: "The connection was changed at this moment." };
}

type Opened = SealedConnection & { readonly credentials: ConnectionFields };

/** Keeps the tokens of a connection that signs in by OAuth: for itself, or as the person who has let it in. */
export function tokenKeeper(tenant: Tenant, connection: Opened): TokenKeeper {
  const { id } = connection;
  return {
    find: async (fetch) => {
      const { sealed, revision } = await readTokens(tenant, id);
      const tokens = openTokens(id, sealed);
      if (tokens && isFresh(tokens, Date.now())) return tokens.access;
      if (!tokens && !isForItself(connection)) throw explainRefusal(connection, NOBODY);
      const renew = () => getAnew(connection, tokens, fetch);
      const granted = await renewTokens(tenant, id, { revision, renew });
      if (granted.ok) return granted.tokens.access;
      throw explainRefusal(connection, granted);
    },
    refuse: async (access) => {
      const { sealed, revision } = await readTokens(tenant, id);
      const tokens = openTokens(id, sealed);
      if (tokens?.access !== access) return;
      await storeTokens(tenant, id, { sealed: sealTokens(id, { ...tokens, until: 0 }), revision });
    },
  };
}

const isForItself = ({ kind, settings }: SealedConnection) => signInOf(kind, settings) === "oauth2-client";

async function getAnew(
  connection: Opened,
  tokens: Tokens | undefined,
  fetch: GuardedFetch,
): Promise<Granted> {
  const ports = { fetch, now: Date.now };
  const { settings, credentials } = connection;
  if (isForItself(connection))
    return askForClient(ports, grantorOf(settings, credentials), settings["scopes"]);
  return tokens ? refreshTokens(ports, tokens) : NOBODY;
}

const NOBODY = { ok: false, isOver: true, reason: "Nobody has signed it in yet." } as const;

/** The one who gives tokens to a connection, by the fields that an admin has filled in. */
export function grantorOf(
  { tokenUrl = "", clientId = "" }: ConnectionFields,
  { clientSecret }: ConnectionFields,
) {
  return {
    issuer: URL.parse(tokenUrl)?.host ?? "The token address",
    tokenEndpoint: tokenUrl,
    client: { id: clientId, secret: clientSecret, usesBasic: true },
  };
}

function explainRefusal(
  connection: SealedConnection,
  { isOver, reason }: Extract<Granted, { ok: false }>,
): StepError {
  if (isForItself(connection))
    return new StepError("connection-refused", `${reason} Check client ID, secret and scopes.`, {
      retryable: !isOver,
    });
  if (!isOver) return new StepError("connection-refused", reason, { retryable: true });
  return new StepError(
    "connection-signed-out",
    `The connection “${connection.name}” is not signed in. ${reason} An admin can press Connect under Settings, Connections; then retry the run.`,
  );
}
