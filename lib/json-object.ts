export type JsonObject = Readonly<Record<string, unknown>>;

/** Returns whether a value is an object with keys: not null, not an array. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
