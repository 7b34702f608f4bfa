import { declarationProblems } from "#/agents/tools/http/check.ts";
import { insertTool } from "#/db/tools.ts";
import type { Input } from "#/lib/http/contract.ts";
import type { Refusal } from "#/lib/http/problem.ts";
import type { Caller } from "#/operations/caller.ts";
import type { createToolContract, Tool } from "#/operations/tools/contract.ts";
import { connectionProblems } from "#/operations/tools/connection-problems.ts";
import { getTool } from "#/operations/tools/get.ts";
import { openTools } from "#/operations/tools/source.ts";
import { invalidTool, nameTaken } from "#/operations/tools/refusals.ts";

type NewTool = Input<typeof createToolContract> & { readonly id: string };

/**
 * Declares a request to a server as a tool, under `id`. The same id again creates nothing. Refuses with `name-taken`, and with
 * `invalid-request` when it could not be called as it is declared.
 */
export async function createTool(caller: Caller, tool: NewTool): Promise<Tool | Refusal> {
  const problems = [
    ...declarationProblems(tool),
    ...(await connectionProblems(caller.tenant, tool.request.connection, "/request/connection")),
  ];
  if (problems.length > 0) return invalidTool(problems);
  const [known] = await openTools(caller.tenant).find([tool.name]);
  const isElsewhere = known !== undefined && known.origin !== "http";
  const isFree =
    !isElsewhere && (await insertTool(caller.tenant, { ...tool, origin: "http", importedFrom: null }));
  return isFree ? getTool(caller, tool) : nameTaken(tool.name);
}
