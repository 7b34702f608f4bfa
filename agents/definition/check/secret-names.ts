import { parseExpression } from "#/agents/definition/expression/expression.ts";
import { pointer } from "#/agents/definition/problem.ts";
import type { Definition } from "#/agents/definition/format/definition.ts";
import { placedSteps } from "#/agents/definition/plan/placed-steps.ts";
import { carriesSecrets, type Step, typeOf } from "#/agents/steps/table.ts";
import { splitTemplate } from "#/agents/definition/expression/template.ts";

/** The secrets that a step's texts name. */
export function secretNamesIn(step: Step): readonly string[] {
  return [...new Set(usesIn(step, "").map(({ name }) => name))];
}

/** Returns the secrets that texts outside a definition name. */
export const textSecretNames = (texts: readonly string[]): readonly string[] => [
  ...new Set(texts.flatMap(namesInText)),
];

export interface SecretUse {
  readonly path: string;
  readonly name: string;
  /** The origin that the step sends it to, as far as the host is written out. */
  readonly origin: string | undefined;
}

/** The places where a definition names secrets. */
export function secretUsesIn(definition: Definition): readonly SecretUse[] {
  return placedSteps(definition).flatMap(({ place, step }) => usesIn(step, pointer(...place)));
}

function usesIn(step: Step, path: string): readonly SecretUse[] {
  const origin = readOrigin(step);
  return Object.entries(step).flatMap(([key, value]) =>
    carriesSecrets(step, key)
      ? namesInValue(value, `${path}/${key}`).map(({ path: at, name }) => ({ path: at, name, origin }))
      : [],
  );
}

function readOrigin(step: Step): string | undefined {
  const url = typeOf(step).sendsTo?.(step);
  return typeof url === "string" ? /^https?:\/\/[^/?#{}@\s]+(?=[/?#]|$)/i.exec(url)?.[0] : undefined;
}

function namesInValue(value: unknown, path: string): readonly Pick<SecretUse, "path" | "name">[] {
  if (typeof value === "string") return namesInText(value).map((name) => ({ path, name }));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]: [string, unknown]) =>
    namesInValue(item, `${path}${pointer(key)}`),
  );
}

/** Most texts say nothing of secrets, so most are not read. */
function namesInText(text: string): readonly string[] {
  if (!text.includes("secrets")) return [];
  const paths = splitTemplate(text).flatMap((piece) =>
    "expression" in piece ? parseExpression(piece.expression).paths : [],
  );
  return paths.flatMap(([variable, name]) => (variable === "secrets" && name !== undefined ? [name] : []));
}
