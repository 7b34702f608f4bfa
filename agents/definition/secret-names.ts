import { parseExpression } from "#/agents/definition/expression.ts";
import { pointer, type Problem } from "#/agents/definition/problem.ts";
import type { Definition, Step } from "#/agents/definition/schema.ts";
import { piecesOf } from "#/agents/definition/template.ts";

/** The parts of a step that leave for another service: they may carry secrets, what is shown or stored may not. */
const CARRYING: Readonly<Partial<Record<Step["type"], readonly string[]>>> = { http: ["url", "headers", "query", "body"], tool: ["input"] };

export const carriesSecrets = (step: Pick<Step, "type">, key: string): boolean => CARRYING[step.type]?.includes(key) ?? false;

/** The secrets that a step's texts name. */
export function secretNamesIn(step: Step): readonly string[] {
  return [...new Set(usesIn(step, "").map(({ name }) => name))];
}

interface Use {
  readonly path: string;
  readonly name: string;
}

/** Secrets that a definition names and that are not among the known. */
export function missingSecrets(definition: Definition, known: ReadonlySet<string>): readonly Problem[] {
  const steps = definition.kind === "graph" ? Object.entries(definition.steps).flatMap(([id, step]) => usesOf(step, pointer("steps", id))) : [];
  return steps.filter(({ name }) => !known.has(name)).map(({ path, name }) => ({ path, message: `There is no secret named “${name}” yet. The step fails until it is set.` }));
}

function usesOf(step: Step, path: string): readonly Use[] {
  if (step.type !== "map") return usesIn(step, path);
  if (!("steps" in step.do)) return usesOf(step.do, `${path}/do`);
  return Object.entries(step.do.steps).flatMap(([id, inner]) => usesOf(inner, `${path}/do${pointer("steps", id)}`));
}

function usesIn(step: Step, path: string): readonly Use[] {
  return Object.entries(step).flatMap(([key, value]) => (carriesSecrets(step, key) ? usesInValue(value, `${path}/${key}`) : []));
}

function usesInValue(value: unknown, path: string): readonly Use[] {
  if (typeof value === "string") return namesInText(value).map((name) => ({ path, name }));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]: [string, unknown]) => usesInValue(item, `${path}${pointer(key)}`));
}

/** Most texts say nothing of secrets, so most are not read. */
function namesInText(text: string): readonly string[] {
  if (!text.includes("secrets")) return [];
  const paths = piecesOf(text).flatMap((piece) => ("expression" in piece ? parseExpression(piece.expression).paths : []));
  return paths.flatMap(([variable, name]) => (variable === "secrets" && name !== undefined ? [name] : []));
}
