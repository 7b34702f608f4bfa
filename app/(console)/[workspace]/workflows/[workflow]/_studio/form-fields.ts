import type { Operation } from "#/agents/definition/edit/operations.ts";
import { valueAtPointer } from "../../../_canvas/pointer.ts";
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
        /** On, off, or on with fields that say how. */
        | "onOff"
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
  /** The path of the field that has to be on, for this one to count. */
  readonly partOf?: readonly string[];
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
const LABELS: Readonly<Record<string, string>> = {
  save: "Result name",
  topK: "Passages",
  onLimit: "At its own limits",
  askTimeout: "Time to answer",
};

/** Lists the fields of a form from a JSON Schema; an object with fixed keys gives a field for each. */
export function listFields(schema: JsonObject, path: readonly string[] = []): readonly FormField[] {
  const { properties, required } = schema;
  if (!isJsonObject(properties)) return [];
  const isTop = path.length === 0;
  const needed = new Set(isTop && Array.isArray(required) ? required : []);
  return Object.entries(properties).flatMap(([name, property]) => {
    if (!isJsonObject(property) || (isTop && FIXED.has(name))) return [];
    const here = [...path, name];
    if (isTop && isPlainObject(property)) return listFields(property, here);
    const how = isTop ? findHow(property) : undefined;
    const field: FormField = {
      path: here,
      label: nameField(path, name),
      isRequired: needed.has(name),
      standard: describeStandard(property),
      control: how ? { kind: "onOff" } : controlFor(name, property),
    };
    return how ? [field].concat(listHow(how, here)) : [field];
  });
}

const listHow = (how: JsonObject, switched: readonly string[]): readonly FormField[] =>
  listFields(how, switched).map((field) => Object.assign({}, field, { partOf: switched }));

const nameField = (path: readonly string[], name: string): string =>
  path.length === 0
    ? (LABELS[name] ?? toLabel(name))
    : `${toLabel(path.join(" "))}: ${toLabel(name).toLowerCase()}`;

/** The fields that say how, of what is on, off, or on with fields; undefined for anything else. */
function findHow({ anyOf }: JsonObject): JsonObject | undefined {
  if (!Array.isArray(anyOf) || anyOf.length !== 2) return undefined;
  const [first, how] = anyOf.filter(isJsonObject);
  return first?.["type"] === "boolean" && how && isPlainObject(how) ? how : undefined;
}

/** Returns whether what is on, off, or on with fields, is on. */
export const isOn = (value: unknown): boolean => value === true || isJsonObject(value);

/** The change of a document that gives a field a value, or takes it out; fields are added to what was only on. */
export function changeField(document: unknown, at: Place, value: unknown): Operation {
  const above = at.slice(0, -1);
  const [name = ""] = at.slice(-1);
  if (value === undefined) return { do: "unsetField", field: at };
  const isOnly = valueAtPointer(document, `/${above.join("/")}`) === true;
  return isOnly
    ? { do: "setField", field: above, value: { [name]: value } }
    : { do: "setField", field: at, value };
}

type Place = readonly (string | number)[];

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
