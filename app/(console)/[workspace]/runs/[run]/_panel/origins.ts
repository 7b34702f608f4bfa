import { isJsonObject } from "#/lib/json-object.ts";

/** The origin of a value of a step's input. */
export type Origin =
  | { readonly kind: "step"; readonly step: string }
  | { readonly kind: "input" }
  | { readonly kind: "fixed" };

const STATE = /\bstate\.([A-Za-z_]\w*)|\bstate\[["']([^"']+)["']\]/g;
const INPUT = /\binput\b/;
const EXPRESSION = /\{\{(.*?)\}\}/gs;
/** Fields whose whole text is an expression. */
const BARE: ReadonlySet<string> = new Set(["items", "when", "until", "for"]);

/** Names the steps that a field of a step takes its value from, by the definition that ran; the run's input; or nothing, for a fixed text. */
export function findOrigins(step: unknown, field: string): readonly Origin[] {
  const written = findField(step, field);
  if (written === undefined) return [];
  const texts = listExpressions(written, BARE.has(field));
  if (texts.length === 0) return [{ kind: "fixed" }];
  const steps = texts.flatMap((text) =>
    [...text.matchAll(STATE)].map(([, dotted, quoted]) => dotted ?? quoted),
  );
  const origins: Origin[] = [...new Set(steps)].flatMap((name) =>
    name === undefined ? [] : [{ kind: "step", step: name } as const],
  );
  return texts.some((text) => INPUT.test(text)) ? [...origins, { kind: "input" }] : origins;
}

/** A field by its name: of the step itself, or of what it passes on. */
function findField(step: unknown, field: string): unknown {
  if (!isJsonObject(step)) return undefined;
  if (step[field] !== undefined) return step[field];
  return ["input", "values", "with", "do"].map((part) => findOwn(step[part], field)).find(Boolean);
}

const findOwn = (part: unknown, field: string): unknown => (isJsonObject(part) ? part[field] : undefined);

function listExpressions(value: unknown, bare: boolean): readonly string[] {
  if (typeof value === "string")
    return bare ? [value] : [...value.matchAll(EXPRESSION)].map(([, inner]) => inner ?? "");
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap((part) => listExpressions(part, bare));
}

/** The definition of a step by its name. */
export function findStep(definition: unknown, step: string): unknown {
  if (!isJsonObject(definition)) return undefined;
  return isJsonObject(definition["steps"]) ? definition["steps"][step] : definition;
}
