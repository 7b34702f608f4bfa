import { isJsonObject } from "#/lib/json-object.ts";

/** Splits a JSON pointer into its keys. */
export function keysOfPointer(pointer: string): readonly string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** Reads what a JSON pointer names; undefined where there is nothing. */
export function valueAtPointer(document: unknown, pointer: string): unknown {
  let value = document;
  for (const key of keysOfPointer(pointer)) {
    if (Array.isArray(value)) value = value[Number(key)];
    else if (isJsonObject(value) && Object.hasOwn(value, key)) value = value[key];
    else return undefined;
  }
  return value;
}
