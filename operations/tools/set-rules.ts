import { parseExpression } from "#/agents/definition/expression/expression.ts";
import type { Problem } from "#/agents/definition/problem.ts";
import { putToolSettings } from "#/db/tools.ts";
import type { Input } from "#/lib/http/contract.ts";
import type { Refusal } from "#/lib/http/problem.ts";
import type { Caller } from "#/operations/caller.ts";
import type { setToolRulesContract, Tool } from "#/operations/tools/contract.ts";
import { getTool } from "#/operations/tools/get.ts";
import { invalidTool } from "#/operations/tools/refusals.ts";

type Rules = Input<typeof setToolRulesContract>;

/** Replaces what the workspace says of the calls of a tool. Refuses with `not-found`, and with `invalid-request` for a condition that cannot be evaluated. */
export async function setToolRules(caller: Caller, { name, policy, limits }: Rules): Promise<Tool | Refusal> {
  const problems = conditionProblems(policy);
  if (problems.length > 0) return invalidTool(problems);
  const known = await getTool(caller, { name });
  if ("refused" in known) return known;
  await putToolSettings(caller.tenant, { name, policy, limits });
  return getTool(caller, { name });
}

const VARIABLES = ["args", "input", "state", "trigger", "run"];

function conditionProblems(policy: Rules["policy"]): readonly Problem[] {
  if (typeof policy !== "object" || policy === null) return [];
  const path = "/policy/when";
  try {
    const { check, paths } = parseExpression(policy.when);
    check();
    return paths
      .filter(([variable = ""]) => !VARIABLES.includes(variable))
      .map(([variable]) => ({
        path,
        message: `There is no “${variable}” here. Known: ${VARIABLES.join(", ")}.`,
      }));
  } catch (error) {
    return [{ path, message: error instanceof Error ? error.message : String(error) }];
  }
}
