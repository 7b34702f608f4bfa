import { type Connection, getConnection, insertConnection } from "#/db/connections.ts";
import { readFields } from "#/agents/connections/fields.ts";
import type { Input } from "#/lib/http/contract.ts";
import { notFound, type Refusal } from "#/lib/http/problem.ts";
import type { Caller } from "#/operations/caller.ts";
import type { createConnectionContract } from "#/operations/connections/contract.ts";
import { sealCredentials } from "#/operations/connections/credentials.ts";
import { badFields, nameTaken } from "#/operations/connections/refusals.ts";

type NewConnection = Input<typeof createConnectionContract> & { readonly id: string };

/**
 * Creates a connection under `id`, its secret fields sealed; the same id again returns what the first call made. Refuses with
 * `invalid-request` for fields that do not fit the kind, and with `name-taken`.
 */
export async function createConnection(
  { tenant }: Caller,
  { id, name, kind, fields: given, hosts }: NewConnection,
): Promise<Connection | Refusal> {
  const read = readFields(kind, given);
  if (!read.ok) return badFields(read.problems);
  const { settings, credentials, hosts: ownHosts } = read.fields;
  const stored = await insertConnection(tenant, {
    id,
    name,
    kind,
    settings,
    secrets: Object.keys(credentials),
    credentialsSealed: sealCredentials(id, credentials),
    hosts: hosts ?? ownHosts,
  });
  if (stored === "name-taken") return nameTaken(name);
  return (await getConnection(tenant, id)) ?? notFound("connection");
}
