import * as v from "valibot";
import { parseExpression } from "#/agents/definition/expression/expression.ts";
import { resolve, splitTemplate } from "#/agents/definition/expression/template.ts";
import { isJsonObject, type JsonObject } from "#/lib/json-object.ts";

/** A file that a definition tells of: a document of the workspace, or a value whose types can only be these. */
export type KnownFile =
  | { readonly document: string }
  | { readonly name: string; readonly contentTypes: readonly string[] };

const DocumentValue = v.object({ document: v.string() });
const InlineValue = v.object({ contentType: v.string(), name: v.nullish(v.string()) });
/** A whole expression that is a place in the input. */
const INPUT_PLACE = /^input((?:\.[A-Za-z_]\w*)+)$/;

/**
 * Finds the files that an entry of `files` certainly comes to: a name that is written out, an expression that reads nothing of the run, or a place in the
 * input whose schema names the type. Nothing is told of every other entry.
 */
export function findKnownFiles(text: string, input: JsonObject | undefined): readonly KnownFile[] {
  const [first, ...rest] = splitTemplate(text.trim());
  const whole = first && "expression" in first && rest.length === 0 ? first.expression : undefined;
  const place = whole === undefined ? undefined : INPUT_PLACE.exec(whole)?.[1];
  if (place !== undefined) return listOfSchema(`input${place}`, findSchema(input, place.split(".").slice(1)));
  return [readConstant(text)].flat(3).flatMap(readFile);
}

/** Works out a text that reads nothing of the run; undefined for every other. */
export function readConstant(text: string): unknown {
  try {
    const readsNothing = splitTemplate(text).every(
      (piece) => !("expression" in piece) || parseExpression(piece.expression).paths.length === 0,
    );
    return readsNothing ? resolve(text, {}) : undefined;
  } catch {
    // An expression that cannot be read or worked out is told of elsewhere, or fails its step.
    return undefined;
  }
}

function readFile(value: unknown): readonly KnownFile[] {
  if (typeof value === "string") return value === "" ? [] : [{ document: value }];
  const document = v.safeParse(DocumentValue, value);
  if (document.success) return [document.output];
  const inline = v.safeParse(InlineValue, value);
  if (!inline.success) return [];
  const { contentType, name } = inline.output;
  return [{ name: name ?? "file", contentTypes: [contentType] }];
}

const findSchema = (schema: unknown, keys: readonly string[]): unknown =>
  keys.reduce((at, key) => propertyOf(at, key), schema);

function propertyOf(schema: unknown, key: string): unknown {
  const properties = isJsonObject(schema) ? schema["properties"] : undefined;
  return isJsonObject(properties) ? properties[key] : undefined;
}

function listOfSchema(name: string, schema: unknown): readonly KnownFile[] {
  const contentTypes = readTypes(schema);
  return contentTypes.length > 0 ? [{ name, contentTypes }] : [];
}

/** The types that a file of a schema can have: its own, or those that its `contentType` or its `base64` name; of a list, its items'. */
function readTypes(schema: unknown): readonly string[] {
  if (!isJsonObject(schema)) return [];
  const { contentMediaType, items } = schema;
  if (typeof contentMediaType === "string") return [contentMediaType];
  const contentType = propertyOf(schema, "contentType");
  const { const: only, enum: several } = isJsonObject(contentType) ? contentType : {};
  if (typeof only === "string") return [only];
  if (Array.isArray(several)) return several.map(String);
  const base64 = propertyOf(schema, "base64");
  return base64 === undefined ? readTypes(items) : readTypes(base64);
}
