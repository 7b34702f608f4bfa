import { isJsonObject, type JsonObject } from "#/lib/json-object.ts";

/** Reads what the other steps of a draft have left in a state, by the keys that the draft has; null for what they have not. */
export function readState(document: unknown, step: string, state: JsonObject): JsonObject {
  if (!isJsonObject(document)) return {};
  const steps = isJsonObject(document["steps"]) ? document["steps"] : {};
  const declared = isJsonObject(document["state"]) ? Object.keys(document["state"]) : [];
  const saved = Object.entries(steps).flatMap(([id, one]) => (id === step ? [] : nameKey(id, one)));
  return Object.fromEntries([...new Set([...declared, ...saved])].map((key) => [key, state[key] ?? null]));
}

const nameKey = (id: string, step: unknown): string =>
  isJsonObject(step) && typeof step["save"] === "string" ? step["save"] : id;
