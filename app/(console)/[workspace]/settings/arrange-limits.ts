import { isJsonObject } from "#/lib/json-object.ts";

type Fields = Readonly<Record<string, unknown>>;

/** What is done at a monthly limit says nothing where there is none: without one there is no month's limit at all. */
export function arrangeLimits(fields: Fields): Fields {
  const { monthly } = fields;
  const isLimited = isJsonObject(monthly) && ("maxTokens" in monthly || "maxCostUsd" in monthly);
  return "monthly" in fields && !isLimited ? { ...fields, monthly: null } : fields;
}
