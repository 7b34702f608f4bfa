import { typeOf } from "#/agents/steps/table.ts";
import { parseExpression } from "#/agents/definition/expression/expression.ts";
import type { PlanStep } from "#/agents/definition/plan/plan.ts";
import { splitTemplate } from "#/agents/definition/expression/template.ts";

/** The keys of the public state that a step's texts read; undefined: perhaps all of them, as in code, or where an expression computes a key. */
export function stateReadBy(step: PlanStep): ReadonlySet<string> | undefined {
  // Without an output of its own, what a map does for an item gives all the state it sees.
  if (step.type === "map" && "steps" in step.do && step.do.output === undefined) return undefined;
  const own = typeOf(step).readsKey?.(step);
  const keys = new Set<string>(own === undefined ? [] : [own]);
  for (const text of textsIn(step)) {
    const read = keysIn(text);
    if (!read) return undefined;
    for (const key of read) keys.add(key);
  }
  return keys;
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return value.includes("state") ? [value] : [];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** A text may be a template, an expression, code or plain words: what cannot be read as an expression may read anything. */
function keysIn(text: string): readonly string[] | undefined {
  const expressions = text.includes("{{")
    ? splitTemplate(text).flatMap((piece) => ("expression" in piece ? [piece.expression] : []))
    : [text];
  const paths = expressions.map(pathsIn);
  if (paths.includes(undefined)) return undefined;
  const ofState = paths.flatMap((read) => read ?? []).filter(([variable]) => variable === "state");
  const keys = ofState.flatMap(([, key]) => key ?? []);
  return keys.length === ofState.length ? keys : undefined;
}

function pathsIn(expression: string): readonly (readonly string[])[] | undefined {
  try {
    return parseExpression(expression).paths;
  } catch {
    return undefined;
  }
}
