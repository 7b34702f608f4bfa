import { carriedFields, type ReadFields, readFields } from "#/agents/connections/fields.ts";
import {
  type Connection,
  type ConnectionFields,
  getConnection,
  readConnection,
  saveConnection,
  type SealedConnection,
} from "#/db/connections.ts";
import type { Input } from "#/lib/http/contract.ts";
import { notFound, type Refusal } from "#/lib/http/problem.ts";
import { maySendTo } from "#/lib/secret-hosts.ts";
import type { Caller } from "#/operations/caller.ts";
import type { updateConnectionContract } from "#/operations/connections/contract.ts";
import { openCredentials, sealCredentials } from "#/operations/connections/credentials.ts";
import { badFields, nameTaken } from "#/operations/connections/refusals.ts";

type Change = Input<typeof updateConnectionContract>;

/**
 * Changes the given fields of a connection. Where its hosts grow, its secret fields have to be given again: what was entered for one server
 * is never sent to another. Refuses with `not-found`, `invalid-request` and `name-taken`.
 */
export async function updateConnection({ tenant }: Caller, change: Change): Promise<Connection | Refusal> {
  const before = await readConnection(tenant, { id: change.id });
  if (!before) return notFound("connection");
  const credentials = openCredentials(before.id, before.credentialsSealed);
  const stored = { ...before.settings, ...credentials };
  const carried = carriedFields(before.kind, stored, change.fields?.["signIn"]);
  const read = readFields(before.kind, { ...carried, ...change.fields });
  if (!read.ok) return badFields(read.problems);
  const hosts = hostsAfter(before, change, read.fields);
  const missing = carriedElsewhere(before, {
    fields: change.fields ?? {},
    hosts,
    kept: read.fields.credentials,
  });
  if (missing.length > 0) return badFields(missing.map(askAgain));
  const name = change.name ?? before.name;
  const saved = await saveConnection(tenant, {
    ...before,
    name,
    hosts,
    settings: read.fields.settings,
    secrets: Object.keys(read.fields.credentials),
    credentialsSealed: sealCredentials(before.id, read.fields.credentials),
    endsSignIn: isAnotherSignIn(stored, read.fields) || growsBeyond(before, hosts),
  });
  if (saved === "name-taken") return nameTaken(name);
  return (await getConnection(tenant, before.id)) ?? notFound("connection");
}

/** Hosts that are not given follow the addresses where those change. */
function hostsAfter(
  before: SealedConnection,
  { hosts, fields }: Change,
  read: ReadFields,
): readonly string[] {
  if (hosts) return hosts;
  const isMoved = Object.keys(fields ?? {}).some((name) => read.settings[name] !== before.settings[name]);
  return isMoved && !read.hosts.every((host) => before.hosts.includes(host)) ? read.hosts : before.hosts;
}

interface After {
  readonly fields: ConnectionFields;
  readonly hosts: readonly string[];
  readonly kept: ConnectionFields;
}

/** Secret fields that would go to a host they were not entered for. */
function carriedElsewhere(before: SealedConnection, { fields, hosts, kept }: After): readonly string[] {
  return growsBeyond(before, hosts) ? Object.keys(kept).filter((name) => !fields[name]) : [];
}

function growsBeyond(before: SealedConnection, hosts: readonly string[]): boolean {
  const isKnown = (host: string) =>
    before.hosts.includes(host) || (!host.startsWith("*.") && maySendTo(`https://${host}`, before.hosts));
  return !hosts.every(isKnown);
}

/** Tokens were got with certain fields, for a certain address. With others somebody has to sign in again. */
function isAnotherSignIn(before: ConnectionFields, { settings, credentials }: ReadFields): boolean {
  const after: ConnectionFields = { ...settings, ...credentials };
  return Object.keys({ ...before, ...after }).some((name) => before[name] !== after[name]);
}

const askAgain = (name: string) => ({
  path: `/fields/${name}`,
  message: "must be given again: it was entered for other hosts",
});
