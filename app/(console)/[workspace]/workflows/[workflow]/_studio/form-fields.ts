import { isJsonObject, type JsonObject } from "#/lib/json-object.ts";
import { toLabel } from "#/lib/label.ts";

/** The control by which a field is filled in. */
export type Control =
  | {
      readonly kind:
        | "text"
        | "expression"
        | "long"
        | "code"
        | "switch"
        | "names"
        | "tools"
        | "pairs"
        | "json";
    }
  | { readonly kind: "number"; readonly min?: number; readonly max?: number; readonly isWhole: boolean }
  | { readonly kind: "choice"; readonly options: readonly string[] };

export interface FormField {
  /** The path of the field in its step. */
  readonly path: readonly string[];
  readonly label: string;
  readonly isRequired: boolean;
  /** The value that counts when the field is empty. */
  readonly standard: string | undefined;
  readonly control: Control;
}

/** Fields that take more than a line. */
const LONG: ReadonlySet<string> = new Set([
  "prompt",
  "instructions",
  "goal",
  "backstory",
  "description",
  "expectedOutput",
  "query",
]);
/** Keys that say what kind of thing an object is: no field changes them. */
const FIXED: ReadonlySet<string> = new Set(["type", "kind", "id"]);

/** Fields whose key says too little. */
const LABELS: Readonly<Record<string, string>> = { save: "Result name", topK: "Passages" };

/** Lists the fields of a form from a JSON Schema; an object with fixed keys gives a field for each. */
export function listFields(schema: JsonObject, path: readonly string[] = []): readonly FormField[] {
  const { properties, required } = schema;
  if (!isJsonObject(properties)) return [];
  const needed = new Set(Array.isArray(required) ? required : []);
  return Object.entries(properties).flatMap(([name, property]) => {
    if (!isJsonObject(property) || (path.length === 0 && FIXED.has(name))) return [];
    const here = [...path, name];
    if (path.length === 0 && isPlainObject(property)) return listFields(property, here);
    return [
      {
        path: here,
        label:
          path.length === 0
            ? (LABELS[name] ?? toLabel(name))
            : `${toLabel(path.join(" "))}: ${toLabel(name).toLowerCase()}`,
        isRequired: needed.has(name) && path.length === 0,
        standard: describeStandard(property),
        control: controlFor(name, property),
      },
    ];
  });
}

const isPlainObject = ({ type, properties }: JsonObject): boolean =>
  type === "object" &&
  isJsonObject(properties) &&
  Object.values(properties).every((one) => isJsonObject(one) && one["type"] !== "object");

/** Writes a plain value; undefined for what has parts. */
export function toText(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
}

function describeStandard({ default: standard }: JsonObject): string | undefined {
  if (standard === undefined || (Array.isArray(standard) && standard.length === 0)) return undefined;
  return Array.isArray(standard) ? standard.join(", ") : toText(standard);
}

const BY_NAME: Readonly<Record<string, Control>> = {
  ...Object.fromEntries([...LONG].map((name) => [name, { kind: "long" } as const])),
  source: { kind: "code" },
  if: { kind: "expression" },
  condition: { kind: "expression" },
  tools: { kind: "tools" },
};

const isTextSchema = (schema: unknown): boolean => isJsonObject(schema) && schema["type"] === "string";

const BY_TYPE: Readonly<Record<string, (schema: JsonObject) => Control>> = {
  boolean: () => ({ kind: "switch" }),
  string: () => ({ kind: "text" }),
  number: numberControl,
  integer: numberControl,
  array: ({ items }) => (isTextSchema(items) ? { kind: "names" } : { kind: "json" }),
  object: ({ additionalProperties }) =>
    isTextSchema(additionalProperties) ? { kind: "pairs" } : { kind: "json" },
};

function controlFor(name: string, schema: JsonObject): Control {
  const { type, enum: options } = schema;
  if (Array.isArray(options)) return { kind: "choice", options: options.map(String) };
  const byType = typeof type === "string" ? BY_TYPE[type] : undefined;
  return BY_NAME[name] ?? byType?.(schema) ?? { kind: "json" };
}

function numberControl({ type, minimum, maximum }: JsonObject): Control {
  return {
    kind: "number",
    isWhole: type === "integer",
    ...(typeof minimum === "number" && { min: minimum }),
    ...(typeof maximum === "number" && { max: maximum }),
  };
}
