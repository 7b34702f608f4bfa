/** A number whose digits are more than a number here can hold. */
export interface InexactNumber {
  /** JSON pointer. */
  readonly path: string;
  readonly digits: string;
}

interface Source {
  readonly source?: string;
}

type Reviver = (key: string, value: unknown, context?: Source) => unknown;

/** As few digits as an unsafe integer has, or an exponent beyond what a number can be. */
const MAY_BE_INEXACT = /\d{16}|\d[eE]\+?\d{3}/;
const INTEGER = /^-?\d+$/;

/** Returns whether the digits of a number in a text would not come out as they went in: integers beyond 2^53, and what is beyond every number. */
export function isInexact(digits: string): boolean {
  const value = Number(digits);
  return INTEGER.test(digits) ? !Number.isSafeInteger(value) : !Number.isFinite(value);
}

/** Reads JSON of people and servers we cannot ask to send it otherwise: a number that cannot be held exactly stays the text of its digits. @throws SyntaxError */
export function parseJson(text: string): unknown {
  if (!MAY_BE_INEXACT.test(text)) return JSON.parse(text);
  return JSON.parse(text, keepDigits);
}

const keepDigits: Reviver = (_key, value, context) => inexactDigits(value, context) ?? value;

function inexactDigits(value: unknown, context: Source | undefined): string | undefined {
  return typeof value === "number" && context?.source !== undefined && isInexact(context.source)
    ? context.source
    : undefined;
}

/** Stands where a number cannot be held. */
class Inexact {
  readonly digits: string;

  constructor(digits: string) {
    this.digits = digits;
  }
}

/** The numbers of a JSON text that cannot be held exactly. @throws SyntaxError */
export function inexactNumbersIn(text: string): readonly InexactNumber[] {
  if (!MAY_BE_INEXACT.test(text)) return [];
  return marksIn(JSON.parse(text, markInexact), "");
}

const markInexact: Reviver = (_key, value, context) => {
  const digits = inexactDigits(value, context);
  return digits === undefined ? value : new Inexact(digits);
};

function marksIn(value: unknown, path: string): readonly InexactNumber[] {
  if (value instanceof Inexact) return [{ path, digits: value.digits }];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]: [string, unknown]) =>
    marksIn(item, `${path}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`),
  );
}

/** Returns what to tell whoever sent such a number. */
export const inexactMessage = (digits: string): string =>
  `${digits.slice(0, 60)} is more than a number can hold exactly. Write it as text, in quotes.`;
