import { spendWork } from "#/agents/definition/work.ts";

/** CEL's integers are BigInt and its maps may be Map; the state holds JSON only. @throws RangeError, TypeError for what JSON cannot say */
export function toJson(value: unknown): unknown {
  // What comes out of a calculation beyond 2^53 was rounded. Measurements that stand inside a value, such as 1e20, pass.
  if (typeof value === "number" && Number.isInteger(value)) return exactNumber(value);
  return partToJson(value);
}

function partToJson(value: unknown): unknown {
  if (typeof value === "bigint") return exactNumber(value);
  if (typeof value === "number" && !Number.isFinite(value))
    throw new RangeError(`${value} is not a number that can be kept (was something divided by 0?)`);
  return typeof value === "object" && value !== null ? objectToJson(value) : value;
}

function exactNumber(integer: bigint | number): number {
  const number = Number(integer);
  if (Number.isSafeInteger(number)) return number;
  throw new RangeError(`${integer} is more than a number can hold exactly; turn it into text with string(…)`);
}

function objectToJson(value: object): unknown {
  spendWork(1);
  if (Array.isArray(value)) return value.map(partToJson);
  if (value instanceof Map)
    return Object.fromEntries([...value].map(([key, item]) => [String(key), partToJson(item)]));
  if (isPlain(value))
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, partToJson(item)]));
  return valueOfCel(value);
}

const isPlain = (value: object) => {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
};

/** CEL's own values: optionals, timestamps, unsigned integers, durations ("5400s"), types. */
function valueOfCel(value: object): unknown {
  if ("hasValue" in value) return call(value, "hasValue") === true ? partToJson(call(value, "value")) : null;
  if (value instanceof Uint8Array)
    throw new TypeError("bytes cannot be kept; turn them into text with string(…)");
  const primitive = call(value, "valueOf");
  if (typeof primitive === "bigint") return exactNumber(primitive);
  return call(value, "toISOString") ?? call(value, "toString");
}

function call(value: object, method: string): unknown {
  const found: unknown = Reflect.get(value, method);
  return typeof found === "function" ? Reflect.apply(found, value, []) : undefined;
}
