import { format } from "@cfworker/json-schema";
import {
  type Asked,
  type Keyword,
  type Misfit,
  makeMisfit,
} from "#/agents/definition/schema/keywords/asked.ts";
import { matches } from "#/agents/definition/schema/pattern.ts";
import { spendWork } from "#/agents/definition/work.ts";

/** The keywords that are about a number. */
export const NUMBER_KEYWORDS: readonly Keyword[] = [checkBounds, checkMultiple];
/** The keywords that are about a text. */
export const TEXT_KEYWORDS: readonly Keyword[] = [checkLength, checkPattern, checkFormat];

interface Bound {
  readonly isBeyond: (value: number, bound: number) => boolean;
  readonly error: (value: number, bound: number) => string;
}

const BOUNDS: Readonly<Record<string, Bound>> = {
  minimum: {
    isBeyond: (value, bound) => value < bound,
    error: (value, bound) => `${value} is less than ${bound}.`,
  },
  maximum: {
    isBeyond: (value, bound) => value > bound,
    error: (value, bound) => `${value} is greater than ${bound}.`,
  },
  exclusiveMinimum: {
    isBeyond: (value, bound) => value <= bound,
    error: (value, bound) => `${value} is less than ${bound}.`,
  },
  exclusiveMaximum: {
    isBeyond: (value, bound) => value >= bound,
    error: (value, bound) => `${value} is greater than or equal to ${bound}.`,
  },
};

function checkBounds(asked: Asked): readonly Misfit[] {
  const value = Number(asked.value);
  return Object.entries(BOUNDS).flatMap(([keyword, { isBeyond, error }]) => {
    const bound = asked.schema[keyword];
    return typeof bound === "number" && isBeyond(value, bound)
      ? [makeMisfit(asked, keyword, error(value, bound))]
      : [];
  });
}

function checkMultiple(asked: Asked): readonly Misfit[] {
  const { multipleOf } = asked.schema;
  const value = Number(asked.value);
  return typeof multipleOf !== "number" || isMultiple(value, multipleOf)
    ? []
    : [makeMisfit(asked, "multipleOf", `${value} is not a multiple of ${multipleOf}.`)];
}

/** In whole numbers, so that 0.3 is a multiple of 0.1. */
function isMultiple(value: number, divisor: number): boolean {
  if (!Number.isFinite(value) || !Number.isFinite(divisor) || divisor <= 0) return false;
  const [a, b] = [splitDecimal(value), splitDecimal(divisor)];
  const shift = a.exponent - b.exponent;
  return shift >= 0
    ? (a.digits * 10n ** BigInt(shift)) % b.digits === 0n
    : a.digits % (b.digits * 10n ** BigInt(-shift)) === 0n;
}

/** A number as digits × 10 ^ exponent. */
function splitDecimal(value: number) {
  const [digits = "0", exponent = "0"] = Math.abs(value).toString().split("e");
  const [, fraction = ""] = digits.split(".");
  return { digits: BigInt(digits.replace(".", "")), exponent: Number(exponent) - fraction.length };
}

const LETTERS_PER_UNIT = 16;

function checkLength(asked: Asked): readonly Misfit[] {
  const { minLength, maxLength } = asked.schema;
  if (minLength === undefined && maxLength === undefined) return [];
  const length = countCharacters(String(asked.value));
  const tooShort = typeof minLength === "number" && length < minLength;
  const tooLong = typeof maxLength === "number" && length > maxLength;
  return [
    ...(tooShort ? [makeMisfit(asked, "minLength", `String is too short (${length} < ${minLength}).`)] : []),
    ...(tooLong ? [makeMisfit(asked, "maxLength", `String is too long (${length} > ${maxLength}).`)] : []),
  ];
}

/** In characters of Unicode. */
function countCharacters(text: string): number {
  spendWork(text.length / LETTERS_PER_UNIT);
  let length = 0;
  for (const _ of text) length += 1;
  return length;
}

function checkPattern(asked: Asked): readonly Misfit[] {
  const { pattern } = asked.schema;
  return typeof pattern !== "string" || matches(pattern, String(asked.value))
    ? []
    : [makeMisfit(asked, "pattern", `does not match the pattern ${pattern}`)];
}

/** `url` is no format of JSON Schema, and the library's expression for it takes exponential time. */
const FORMATS = new Map(Object.entries(format).filter(([name]) => name !== "url"));

function checkFormat(asked: Asked): readonly Misfit[] {
  const { format: name } = asked.schema;
  const fits = FORMATS.get(String(name));
  if (!fits) return [];
  const text = String(asked.value);
  spendWork(text.length / LETTERS_PER_UNIT);
  return fits(text) ? [] : [makeMisfit(asked, "format", `String does not match format "${String(name)}".`)];
}
