import type { Completion, CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import { definitionJsonSchema } from "#/agents/definition/format/json-schema.ts";
import { textsOf } from "#/agents/steps/texts.ts";
import { isJsonObject, type JsonObject } from "#/lib/json-object.ts";
import type { ReadDocument } from "./use-document.ts";
import { STEP_LOOK } from "../../../_canvas/step-look.ts";
import { valueAtPointer } from "../../../_canvas/pointer.ts";
import { toText } from "./form-fields.ts";
import { schemasAt } from "./schema-at.ts";
import { placeAt, type YamlPlace } from "./yaml-place.ts";

const SCHEMA = definitionJsonSchema();
const STEP_NAMES: ReadonlySet<string> = new Set(["from", "to", "else", "goto"]);

/** A word that may be written at a place of a definition. */
interface Offer {
  readonly word: string;
  readonly options: readonly Completion[];
}

/** Offers values inside `{{ … }}`, and keys and values of the format elsewhere. */
export function completeDefinition(
  readNow: () => ReadDocument,
  tools: readonly string[],
): (context: CompletionContext) => CompletionResult | null {
  return ({ state, pos, explicit }) => {
    const { word, options } = offerAt(state.sliceDoc(0, pos), readNow(), tools);
    if ((word === "" && !explicit) || options.length === 0) return null;
    return { from: pos - word.length, options: [...options], validFor: /^[\w.-]*$/ };
  };
}

function offerAt(before: string, read: ReadDocument, tools: readonly string[]): Offer {
  const expression = /\{\{[^}]*?([\w.]*)$/.exec(before);
  if (expression) return { word: expression[1] ?? "", options: listValues(read) };
  const place = placeAt(before);
  return {
    word: place.word,
    options: place.key === undefined ? listKeys(place, read, tools) : listWords(place, read),
  };
}

/** Everything that an expression can read. */
function listValues({ document, graph }: ReadDocument): readonly Completion[] {
  const inputs = valueAtPointer(document, "/input/properties");
  const steps = graph.nodes.filter(({ kind, map }) => kind === "step" && map === undefined);
  return [
    ...(isJsonObject(inputs) ? Object.entries(inputs) : []).map(([name, schema]) => ({
      label: `input.${name}`,
      type: "variable",
      detail: (isJsonObject(schema) && toText(schema["type"])) || "",
    })),
    ...steps.map(({ title, path, id }) => {
      const save = valueAtPointer(document, `${path}/save`);
      return { label: `state.${typeof save === "string" ? save : id}`, type: "variable", detail: title };
    }),
    { label: "run.id", type: "variable", detail: "this run" },
  ];
}

function listKeys({ keys }: YamlPlace, read: ReadDocument, tools: readonly string[]): readonly Completion[] {
  if (/^\d+$/.test(keys.at(-1) ?? "") && keys.at(-2) === "tools")
    return tools.map((label) => ({ label, type: "constant" }));
  const shapes = schemasAt(SCHEMA, read.document, keys);
  const names = new Map(shapes.flatMap((shape) => propertiesIn(shape)));
  return [...names].map(([label, schema]) => ({
    label,
    type: "property",
    detail: describeSchema(schema),
    apply: `${label}: `,
  }));
}

const propertiesIn = ({ properties }: JsonObject) =>
  isJsonObject(properties) ? Object.entries(properties) : [];

function listWords({ keys, key = "" }: YamlPlace, read: ReadDocument): readonly Completion[] {
  if (key === "type" && keys[0] === "steps")
    return Object.keys(STEP_LOOK).map((label) => ({
      label,
      type: "enum",
      detail: textsOf(label)?.name ?? "",
      info: textsOf(label)?.summary ?? "",
    }));
  if (STEP_NAMES.has(key))
    return read.graph.nodes.map(({ id, title }) => ({ label: id, type: "variable", detail: title }));
  return schemasAt(SCHEMA, read.document, [...keys, key]).flatMap((shape) =>
    wordsIn(shape).map((label) => ({ label, type: "enum" })),
  );
}

function wordsIn({ enum: options, const: only, type }: JsonObject): readonly string[] {
  if (Array.isArray(options)) return options.map(String);
  const word = toText(only);
  if (word !== undefined) return [word];
  return type === "boolean" ? ["true", "false"] : [];
}

/** Tells a shape in a few words. */
function describeSchema(schema: unknown): string {
  if (!isJsonObject(schema)) return "";
  const words = wordsIn(schema);
  const kind = words.length > 0 ? words.join(" | ") : (toText(schema["type"]) ?? "any");
  const { default: standard, minimum, maximum } = schema;
  const range =
    minimum !== undefined && maximum !== undefined ? `, ${toText(minimum)} to ${toText(maximum)}` : "";
  return `${kind}${range}${standard === undefined ? "" : `, else ${JSON.stringify(standard)}`}`;
}

/** Tells what stands at a place: the shape of a key, or what a type of step does. */
export function describePlace(before: string, read: ReadDocument): string | undefined {
  const { keys, key } = placeAt(before);
  if (key === undefined) return undefined;
  const value = valueAtPointer(read.document, `/${[...keys, key].join("/")}`);
  if (key === "type" && typeof value === "string") return textsOf(value)?.summary;
  const [schema] = schemasAt(SCHEMA, read.document, [...keys, key]);
  return schema && `${key}: ${describeSchema(schema)}`;
}
