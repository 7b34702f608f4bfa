import { declarationProblems } from "#/agents/tools/http/check.ts";
import { findTools, updateTool as saveTool } from "#/db/tools.ts";
import type { Input } from "#/lib/http/contract.ts";
import type { Refusal } from "#/lib/http/problem.ts";
import type { Caller } from "#/operations/caller.ts";
import type { Tool, updateToolContract } from "#/operations/tools/contract.ts";
import { connectionProblems } from "#/operations/tools/connection-problems.ts";
import { readRequest } from "#/operations/tools/declared-tools.ts";
import { getTool } from "#/operations/tools/get.ts";
import { invalidTool, noSuchTool, notDeclared } from "#/operations/tools/refusals.ts";

/**
 * Changes a declared tool. Refuses with `not-found`, with `wrong-status` for a tool that comes from elsewhere, and with `invalid-request` when it
 * could not be called as it would be declared.
 */
export async function updateTool(
  caller: Caller,
  { name, ...change }: Input<typeof updateToolContract>,
): Promise<Tool | Refusal> {
  const [stored] = await findTools(caller.tenant, [name]);
  if (!stored) {
    const known = await getTool(caller, { name });
    return "refused" in known ? known : notDeclared(name);
  }
  const request = change.request ?? readRequest(stored);
  const problems = [
    ...declarationProblems({ input: change.input ?? stored.input, request }),
    ...(await connectionProblems(caller.tenant, change.request?.connection, "/request/connection")),
  ];
  if (problems.length > 0) return invalidTool(problems);
  return (await saveTool(caller.tenant, name, change)) ? getTool(caller, { name }) : noSuchTool;
}
