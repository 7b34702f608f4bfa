import { isJsonObject, type JsonObject } from "#/lib/json-object.ts";

/** The one tool that writes. */
const WRITES = "http_request";

/** Says whether a stored version is from before there was `toolWrites` and gives a model the tool that writes, with no rule of its own for it. */
export function mayWriteUnasked(definition: JsonObject): boolean {
  return definition["toolWrites"] === undefined && givesUnasked(definition);
}

function givesUnasked(part: unknown): boolean {
  if (Array.isArray(part)) return part.some(givesUnasked);
  if (!isJsonObject(part)) return false;
  const { tools, toolPolicy } = part;
  const isRuled = isJsonObject(toolPolicy) && WRITES in toolPolicy;
  return (
    (Array.isArray(tools) && tools.includes(WRITES) && !isRuled) || Object.values(part).some(givesUnasked)
  );
}
