import { listModels } from "#/agents/definition/format/fields.ts";
import type { Guardrail, GuardrailRule } from "#/agents/definition/format/crew.ts";
import { patternProblem } from "#/agents/definition/schema/pattern.ts";
import { pointer, type Problem } from "#/agents/definition/problem.ts";
import { workAt } from "#/agents/definition/work.ts";

/** A rule of a guardrail, and where it stands. */
interface PlacedRule {
  readonly path: string;
  readonly rule: GuardrailRule;
}

/** Returns the rules of a guardrail with their places. */
export function placedRules(guardrail: Guardrail | undefined, path: string): readonly PlacedRule[] {
  if (guardrail === undefined) return [];
  return Array.isArray(guardrail)
    ? guardrail.map((rule, index) => ({ path: `${path}${pointer(index)}`, rule }))
    : [{ path, rule: guardrail }];
}

/** The models that judge by a guardrail; undefined stands for the deployment's own. */
export const listJudgeModels = (guardrail: Guardrail | undefined): readonly (string | undefined)[] =>
  placedRules(guardrail, "").flatMap(({ rule }) => {
    if (typeof rule === "string") return [undefined];
    return "judge" in rule ? listModels(rule) : [];
  });

/** The regular expressions of a guardrail can be used. */
export function guardrailProblems(guardrail: Guardrail | undefined, path: string): Problem[] {
  return placedRules(guardrail, path).flatMap((placed) => {
    const { rule } = placed;
    if (typeof rule === "string" || !("regex" in rule)) return [];
    const message = workAt(placed.path, () => patternProblem(rule.regex));
    return message === undefined ? [] : [{ path: `${placed.path}/regex`, message }];
  });
}
