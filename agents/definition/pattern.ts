import { RE2JS, RE2JSException } from "re2js";

/** A regular expression cannot be used, or costs too much where it is used. */
class PatternError extends Error {
  override readonly name = "PatternError";
}

/** What people write by hand is shorter; what is longer takes long to read. */
const LONGEST = 1000;
/**
 * Instructions × characters that the patterns of one evaluation may cost. The worst patterns do 20 to 80 million a second, so no evaluation
 * holds the process for more than about two seconds; `^[\w.+-]+@[\w.-]+$` (12 instructions) may read 4 MB.
 */
const ALLOWANCE = 50_000_000;
/** Reading a pattern costs 0.1 to 0.5 ms, using it 1 µs. A pattern may remember 8 MB of what it has seen. */
const KEPT = 50;

const readBefore = new Map<string, RE2JS>();
let allowance = ALLOWANCE;

/** Does something that may use patterns of a tenant; together they cost no more than one allowance. `act` must not wait for anything. */
export function withAllowance<T>(act: () => T): T {
  allowance = ALLOWANCE;
  return act();
}

/**
 * Whether a text, somewhere, fits a regular expression. The engine is RE2: its time grows with the text alone, whatever the expression. JavaScript's
 * own goes back and forth, and `^(a+)+$` on forty letters holds the process, and with it every other tenant, for hours.
 * @throws PatternError
 */
export function matches(pattern: string, text: string): boolean {
  const compiled = read(pattern);
  allowance -= compiled.programSize() * text.length;
  if (allowance < 0) throw new PatternError(`The pattern ${shortened(pattern)} is too much work for a text of ${text.length} characters. Make one of them shorter.`);
  return compiled.test(text);
}

/** What is wrong with a pattern; undefined if it can be used. */
export function patternProblem(pattern: string): string | undefined {
  try {
    read(pattern);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function read(pattern: string): RE2JS {
  const known = readBefore.get(pattern);
  if (known) return known;
  if (pattern.length > LONGEST) throw new PatternError(`A pattern has at most ${LONGEST} characters; this one has ${pattern.length}.`);
  const compiled = compile(pattern);
  if (readBefore.size >= KEPT) readBefore.clear();
  readBefore.set(pattern, compiled);
  return compiled;
}

function compile(pattern: string): RE2JS {
  try {
    return RE2JS.compile(withCodePoints(pattern));
  } catch (cause) {
    const reason = cause instanceof RE2JSException ? cause.message.replace(/^error parsing regexp: /, "") : String(cause);
    throw new PatternError(`The pattern ${shortened(pattern)} cannot be used: ${reason}. Patterns are those of RE2, which has no lookahead, no lookbehind and no backreference.`, { cause });
  }
}

/** JSON Schema writes a code point as `\u00e9` or `\u{e9}`, RE2 as `\x{e9}`. Other escapes stay as they are, an escaped backslash among them. */
const withCodePoints = (pattern: string) =>
  pattern.replaceAll(/\\(?:u([0-9a-f]{4})|u\{([0-9a-f]+)\}|[^])/gi, (escape, four?: string, braced?: string) => {
    const digits = four ?? braced;
    return digits === undefined ? escape : `\\x{${digits}}`;
  });

const shortened = (pattern: string) => `“${pattern.length > 60 ? `${pattern.slice(0, 60)}…` : pattern}”`;
