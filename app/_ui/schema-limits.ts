import type { JsonObject } from "#/lib/json-object.ts";

interface Limit {
  readonly keyword: string;
  readonly isBroken: (size: number, limit: number) => boolean;
  readonly says: (limit: number, size: number) => string;
}

/** 0.3 is three times 0.1, also in binary. */
const isMultiple = (value: number, step: number) => Math.abs(value / step - Math.round(value / step)) < 1e-9;
const isLess = (size: number, limit: number) => size < limit;
const isMore = (size: number, limit: number) => size > limit;

const OF_NUMBERS: readonly Limit[] = [
  { keyword: "minimum", isBroken: isLess, says: (limit) => `This must be ${limit} or more.` },
  { keyword: "maximum", isBroken: isMore, says: (limit) => `This must be ${limit} or less.` },
  {
    keyword: "exclusiveMinimum",
    isBroken: (value, limit) => value <= limit,
    says: (limit) => `This must be more than ${limit}.`,
  },
  {
    keyword: "exclusiveMaximum",
    isBroken: (value, limit) => value >= limit,
    says: (limit) => `This must be less than ${limit}.`,
  },
  {
    keyword: "multipleOf",
    isBroken: (value, limit) => !isMultiple(value, limit),
    says: (limit) => `This must be a multiple of ${limit}.`,
  },
];
const OF_TEXTS: readonly Limit[] = [
  { keyword: "minLength", isBroken: isLess, says: (limit) => `This must have at least ${limit} characters.` },
  {
    keyword: "maxLength",
    isBroken: isMore,
    says: (limit, length) => `This must have at most ${limit} characters; it has ${length}.`,
  },
];
const OF_LISTS: readonly Limit[] = [
  { keyword: "minItems", isBroken: isLess, says: (limit) => `This must have at least ${limit}.` },
  { keyword: "maxItems", isBroken: isMore, says: (limit) => `This can have at most ${limit}.` },
];

/**
 * Returns what is wrong with a value by the limits of its schema, in words for whoever filled it in. The server checks all of
 * the same schema; patterns are left to it, for the engine of browsers can be held up by them.
 */
export function limitProblem(value: unknown, schema: JsonObject): string | undefined {
  if (typeof value === "number") return brokenLimit(OF_NUMBERS, value, schema);
  if (typeof value === "string")
    return brokenLimit(OF_TEXTS, value.length, schema) ?? formatProblem(value, schema);
  return Array.isArray(value) ? brokenLimit(OF_LISTS, value.length, schema) : undefined;
}

function brokenLimit(limits: readonly Limit[], size: number, schema: JsonObject): string | undefined {
  for (const { keyword, isBroken, says } of limits) {
    const limit = schema[keyword];
    if (typeof limit === "number" && isBroken(size, limit)) return says(limit, size);
  }
  return undefined;
}

const FORMATS: Readonly<
  Record<string, { readonly fits: (text: string) => boolean; readonly expected: string }>
> = {
  date: {
    fits: (text) => /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)),
    expected: "a date",
  },
  email: { fits: (text) => /^[^\s@]+@[^\s@]+$/.test(text), expected: "an email address" },
  uri: {
    fits: (text) => URL.canParse(text),
    expected: "a URL with its scheme, such as https://example.com",
  },
};

function formatProblem(text: string, { format }: JsonObject): string | undefined {
  const known = typeof format === "string" && Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined;
  return known && !known.fits(text) ? `This must be ${known.expected}.` : undefined;
}

/** A limit that nobody comes near is not told. */
const OUT_OF_REACH = 1e9;

/** Returns what people can know of the limits beforehand. */
export function limitHint({ type, minimum, maximum, minItems, maxItems }: JsonObject): string | undefined {
  const [least, largest] = type === "array" ? [minItems, maxItems] : [minimum, maximum];
  const most = typeof largest === "number" && largest < OUT_OF_REACH ? largest : undefined;
  if (typeof least === "number" && typeof most === "number")
    return least === most
      ? `Exactly ${sayNumber(least)}.`
      : `From ${sayNumber(least)} to ${sayNumber(most)}.`;
  if (typeof least === "number") return `${sayNumber(least)} or more.`;
  return typeof most === "number" ? `${sayNumber(most)} at most.` : undefined;
}

/** 2030, 20,300: a number of four digits may be a year. Most pages say none, and a browser's first format takes 10 ms to make. */
const sayNumber = (value: number): string =>
  new Intl.NumberFormat("en", { useGrouping: "min2", maximumFractionDigits: 20 }).format(value);
