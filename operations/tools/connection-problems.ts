import { type Problem, unknownName } from "#/agents/definition/problem.ts";
import type { Tenant } from "#/db/client.ts";
import { listConnections } from "#/db/connections.ts";

/** Returns the problem of a declaration that names a connection which the workspace has not. Which of them it has when the tool is called, the call tells. */
export async function connectionProblems(
  tenant: Tenant,
  name: string | undefined,
  path: string,
): Promise<readonly Problem[]> {
  if (name === undefined) return [];
  const known = (await listConnections(tenant)).map((connection) => connection.name);
  return known.includes(name) ? [] : [unknownName({ path, what: "connection", name, known })];
}
