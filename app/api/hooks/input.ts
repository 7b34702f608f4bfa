type JsonObject = Readonly<Record<string, unknown>>;

/** What a workflow gets of a delivery: a JSON object as it is, anything else under `body`. */
export function inputOf(body: string): JsonObject {
  const value = parse(body);
  return isObject(value) ? value : { body: value };
}

/** Text that is not JSON is a value too. */
function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
