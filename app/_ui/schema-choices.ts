import { isJsonObject, type JsonObject } from "#/lib/json-object.ts";

/** One of the values that a field can have. */
export interface Choice {
  /** Names it among the others in a form. */
  readonly key: string;
  readonly label: string;
  readonly value: unknown;
}

const isText = (value: unknown): value is string => typeof value === "string";

/** The choices of a schema: `enum`, with titles in `enumNames` if it has them, or `oneOf` / `anyOf` of `{const, title}`. Undefined when it is no list of choices. */
export function readChoices(schema: unknown): readonly Choice[] | undefined {
  if (!isJsonObject(schema)) return undefined;
  const { enum: values, enumNames: names, oneOf, anyOf } = schema;
  if (Array.isArray(values))
    return values.map((value, index) => toChoice(value, Array.isArray(names) ? names[index] : undefined));
  const alternatives = [oneOf, anyOf].find(
    (list): list is readonly JsonObject[] =>
      Array.isArray(list) && list.length > 0 && list.every((item) => isJsonObject(item) && "const" in item),
  );
  return alternatives?.map((item) => toChoice(item["const"], item["title"]));
}

function toChoice(value: unknown, title: unknown): Choice {
  const key = choiceKey(value);
  return { key, label: isText(title) ? title : key, value };
}

export function choiceKey(value: unknown): string {
  return isText(value) ? value : JSON.stringify(value);
}

/** Reads what is ticked from what a form keeps. */
export function tickedKeys(typed: string): readonly string[] {
  if (typed === "") return [];
  const keys: unknown = JSON.parse(typed);
  return Array.isArray(keys) ? keys.filter(isText) : [];
}

/** Writes what is ticked as a form keeps it; nothing when nothing is. */
export function tickedText(keys: readonly string[]): string {
  return keys.length === 0 ? "" : JSON.stringify(keys);
}
