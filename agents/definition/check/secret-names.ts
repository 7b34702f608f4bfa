import { parseExpression } from "#/agents/definition/expression/expression.ts";
import { pointer } from "#/agents/definition/problem.ts";
import type { Definition, Step } from "#/agents/definition/format/definition.ts";
import { piecesOf } from "#/agents/definition/expression/template.ts";

/** The parts of a step that leave for another service: they may carry secrets, what is shown or stored may not. */
const CARRYING: Readonly<Partial<Record<Step["type"], readonly string[]>>> = {
  http: ["url", "headers", "query", "body"],
  tool: ["input"],
};

export const carriesSecrets = (step: Pick<Step, "type">, key: string): boolean =>
  CARRYING[step.type]?.includes(key) ?? false;

/** The secrets that a step's texts name. */
export function secretNamesIn(step: Step): readonly string[] {
  return [...new Set(usesIn(step, "").map(({ name }) => name))];
}

export interface SecretUse {
  readonly path: string;
  readonly name: string;
  /** Where the step sends it, as far as the host is written out. */
  readonly origin: string | undefined;
}

/** Where a definition names secrets. */
export function secretUsesIn(definition: Definition): readonly SecretUse[] {
  return definition.kind === "graph"
    ? Object.entries(definition.steps).flatMap(([id, step]) => usesOf(step, pointer("steps", id)))
    : [];
}

function usesOf(step: Step, path: string): readonly SecretUse[] {
  if (step.type !== "map") return usesIn(step, path);
  if (!("steps" in step.do)) return usesOf(step.do, `${path}/do`);
  return Object.entries(step.do.steps).flatMap(([id, inner]) =>
    usesOf(inner, `${path}/do${pointer("steps", id)}`),
  );
}

function usesIn(step: Step, path: string): readonly SecretUse[] {
  const origin = originOf(step);
  return Object.entries(step).flatMap(([key, value]) =>
    carriesSecrets(step, key)
      ? namesInValue(value, `${path}/${key}`).map(({ path: at, name }) => ({ path: at, name, origin }))
      : [],
  );
}

function originOf(step: Step): string | undefined {
  const url: unknown =
    step.type === "http"
      ? step.url
      : step.type === "tool" && typeof step.input === "object" && step.input !== null && "url" in step.input
        ? step.input.url
        : undefined;
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
  const paths = piecesOf(text).flatMap((piece) =>
    "expression" in piece ? parseExpression(piece.expression).paths : [],
  );
  return paths.flatMap(([variable, name]) => (variable === "secrets" && name !== undefined ? [name] : []));
}
