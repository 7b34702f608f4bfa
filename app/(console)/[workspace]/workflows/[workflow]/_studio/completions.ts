import type { Completion, CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import { definitionJsonSchema } from "#/agents/definition/format/json-schema.ts";
import { textsOf } from "#/agents/steps/texts.ts";
import { isJsonObject, type JsonObject } from "#/lib/json-object.ts";
import type { ReadDocument } from "./use-document.ts";
import { STEP_LOOK } from "../../../_canvas/step-look.ts";
import { valueAtPointer } from "../../../_canvas/pointer.ts";
import { toText } from "./form-fields.ts";
import { type LastValues, listReadable, tellValue } from "./readable-values.ts";
import { schemasAt } from "./schema-at.ts";
import { placeAt, type YamlPlace } from "./yaml-place.ts";

const SCHEMA = definitionJsonSchema();
const STEP_NAMES: ReadonlySet<string> = new Set(["from", "to", "else", "goto"]);

/** What the editor knows of what is written in it. */
interface Written {
  readonly read: ReadDocument;
  /** The values of a real run. */
  readonly last?: LastValues | undefined;
}

/** A word that may be written at a place of a definition. */
interface Offer {
  readonly word: string;
  readonly options: readonly Completion[];
}

/** Offers values inside `{{ … }}`, and keys and values of the format elsewhere. */
export function completeDefinition(
  readNow: () => Written,
  tools: readonly string[],
): (context: CompletionContext) => CompletionResult | null {
  return ({ state, pos, explicit }) => {
    const { word, options } = offerAt(state.sliceDoc(0, pos), readNow(), tools);
    if ((word === "" && !explicit) || options.length === 0) return null;
    return { from: pos - word.length, options: [...options], validFor: /^[\w.-]*$/ };
  };
}

function offerAt(before: string, written: Written, tools: readonly string[]): Offer {
  const { read } = written;
  const expression = /\{\{[^}]*?([\w.]*)$/.exec(before);
  if (expression) return { word: expression[1] ?? "", options: listValues(written, before) };
  const place = placeAt(before);
  return {
    word: place.word,
    options: place.key === undefined ? listKeys(place, read, tools) : listWords(place, read),
  };
}

/** Everything that an expression can read at the step that is being written. */
function listValues({ read, last }: Written, before: string): readonly Completion[] {
  return listReadable(read, { node: nodeAt(read, placeAt(before).keys) }, last).map(
    ({ path, type, source, last: value }) => ({
      label: path,
      type: "variable",
      detail: type,
      info: value === undefined ? source : `${source} · last: ${tellValue(value)}`,
    }),
  );
}

/** The step that a place is in; undefined outside of steps, and for one that has not been read yet. */
function nodeAt({ graph }: ReadDocument, keys: readonly string[]): string | undefined {
  const [group, step, action, inner, own] = keys;
  if (group !== "steps" || step === undefined) return undefined;
  const isInside = action === "do" && inner === "steps" && own !== undefined;
  const id = isInside ? `${step}/${own}` : step;
  return graph.nodes.some((node) => node.id === id) ? id : undefined;
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
