import { RE2JS, RE2JSException } from "re2js";
import { patternSize } from "#/agents/definition/schema/pattern-size.ts";
import { spendWork, TooMuchWork } from "#/agents/definition/work.ts";

/** A regular expression cannot be used, or costs too much where it is used. */
class PatternError extends Error {
  override readonly name = "PatternError";
}

/** Patterns that people write by hand are shorter; longer ones take long to read. */
const LONGEST = 1000;
/** Parts with all repetitions written out; a thousand of them take 10 ms to read. */
const LARGEST = 5000;
/** Of an instruction for a character: the worst patterns do 20 to 80 million a second. `^[\w.+-]+@[\w.-]+$` (12 instructions) may read 300 KB at once. */
const MATCH_WORK = 0.25;
/** Reading a pattern costs 0.1 to 0.5 ms, using it 1 µs. A pattern may remember 8 MB of what it has seen. */
const KEPT = 50;

const readBefore = new Map<string, RE2JS>();
/**
 * Returns whether a text, somewhere, fits a regular expression. The engine is RE2: its time grows with the text alone, whatever the expression. JavaScript's
 * own goes back and forth, and `^(a+)+$` on forty letters holds the process, and with it every other tenant, for hours.
 * @throws PatternError, TooMuchWork
 */
export function matches(pattern: string, text: string): boolean {
  const compiled = read(pattern);
  const tooMuch = `The pattern ${shortened(pattern)} is too much work for a text of ${text.length} characters. Make one of them shorter.`;
  spendWork(compiled.programSize() * text.length * MATCH_WORK, tooMuch);
  return compiled.test(text);
}

/** Returns what is wrong with a pattern; undefined if it can be used. */
export function patternProblem(pattern: string): string | undefined {
  try {
    read(pattern);
    return undefined;
  } catch (error) {
    if (error instanceof TooMuchWork) throw error;
    return error instanceof Error ? error.message : String(error);
  }
}

/** Reading takes 0.1 ms, 4 µs for each part, and 0.2 ms for each class of Unicode. */
const readingWork = (pattern: string): number =>
  1000 + 50 * patternSize(pattern) + 4000 * (pattern.split(/\\[pP]/).length - 1);

function read(pattern: string): RE2JS {
  const known = readBefore.get(pattern);
  if (known) return known;
  if (pattern.length > LONGEST)
    throw new PatternError(`A pattern has at most ${LONGEST} characters; this one has ${pattern.length}.`);
  if (patternSize(pattern) > LARGEST)
    throw new PatternError(
      `The pattern ${shortened(pattern)} repeats too much: its repetitions written out have more than ${LARGEST} parts.`,
    );
  spendWork(
    readingWork(pattern),
    `There are too many or too large patterns to read; ${shortened(pattern)} is one of them.`,
  );
  const compiled = compile(pattern);
  if (readBefore.size >= KEPT) readBefore.clear();
  readBefore.set(pattern, compiled);
  return compiled;
}

function compile(pattern: string): RE2JS {
  try {
    return RE2JS.compile(withCodePoints(pattern));
  } catch (cause) {
    const reason =
      cause instanceof RE2JSException ? cause.message.replace(/^error parsing regexp: /, "") : String(cause);
    throw new PatternError(
      `The pattern ${shortened(pattern)} cannot be used: ${reason}. Patterns are those of RE2, which has no lookahead, no lookbehind and no backreference.`,
      { cause },
    );
  }
}

/** JSON Schema writes a code point as `\u00e9` or `\u{e9}`, RE2 as `\x{e9}`. Other escapes stay as they are, an escaped backslash among them. */
const withCodePoints = (pattern: string) =>
  pattern.replaceAll(
    /\\(?:u([0-9a-f]{4})|u\{([0-9a-f]+)\}|[^])/gi,
    (escape, four?: string, braced?: string) => {
      const digits = four ?? braced;
      return digits === undefined ? escape : `\\x{${digits}}`;
    },
  );

const shortened = (pattern: string) => `“${pattern.length > 60 ? `${pattern.slice(0, 60)}…` : pattern}”`;
