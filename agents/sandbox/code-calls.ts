import { randomInt } from "node:crypto";
import * as v from "valibot";

/** One piece of code may make so many calls. A loop that calls without end ends here. */
export const MOST_CALLS = 100;
/** The input of one call, as JSON. */
export const MOST_INPUT_LENGTH = 200_000;

/** One call that code makes. */
export interface CodeCall {
  /** Counts the calls of one piece of code from 0. */
  readonly index: number;
  readonly name: string;
  readonly input: unknown;
}

/** The outcome of a call, as code is told it: the answer, or an error that it may catch. */
export type CallOutcome =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly error: { readonly code: string; readonly message: string } };

/** The world as code sees it when it begins: the time, and the seed of its random numbers. Kept, so that the code sees the same when it is run again. */
export const Beginning = v.object({ now: v.number(), seed: v.number() });
export type Beginning = Readonly<v.InferOutput<typeof Beginning>>;

/** The calls that code may make. */
export interface CodeCalls extends Beginning {
  /** The names of the tools that can be called. */
  readonly names: readonly string[];
  /** Makes one call. What it throws ends the code, which cannot catch it; it is run again from its beginning when it can go on. */
  readonly call: (call: CodeCall) => Promise<CallOutcome>;
}

const SEEDS = 2 ** 32;

/** Draws what a piece of code sees of the world when it begins. */
export const drawBeginning = (now: number): Beginning => ({ now, seed: randomInt(SEEDS) });

/** Returns the names by which code can write each call: its own, and one that is a valid identifier where no other call has that name. */
export function nameCalls(names: readonly string[]): Readonly<Record<string, string>> {
  const identifiers = names.map((name): [string, string] => [toIdentifier(name), name]);
  return Object.fromEntries([...identifiers.toReversed(), ...names.map((name) => [name, name] as const)]);
}

/** Returns the name as an identifier: `research-brief` is `research_brief`. */
export const toIdentifier = (name: string): string =>
  name.replaceAll(/[^A-Za-z0-9_$]/g, "_").replace(/^(?=\d)/, "_");
