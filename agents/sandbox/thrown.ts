import * as v from "valibot";
import type { CodeErrorCode, CodePosition } from "#/agents/sandbox/code-error.ts";

/** The prelude's word on a thrown value. The code may have had its hands on it. */
const Thrown = v.object({ name: v.string(), message: v.string(), stack: v.string(), notJson: v.boolean() });

export type Thrown = Readonly<v.InferOutput<typeof Thrown>>;

/** The name that the source has in stack traces. */
export const FILE_NAME = "code.js";

/** Stands on a line of its own before the source, so that columns are the user's; lines are one too high. */
export const OPENING = `(async function () { "use strict";\n`;
export const CLOSING = "\n})()";

const UNKNOWN: Thrown = { name: "", message: "something that cannot be shown", stack: "", notJson: false };

/** Reads a description; what is none becomes one that says so. */
export function parseThrown(text: string): Thrown {
  try {
    const parsed = v.safeParse(Thrown, JSON.parse(text));
    return parsed.success ? parsed.output : UNKNOWN;
  } catch {
    return UNKNOWN;
  }
}

const FRAME = new RegExp(`${FILE_NAME.replace(".", "\\.")}:(\\d+):(\\d+)`);

/** The topmost place within the user's source. For an endless loop it is the beginning of the function that loops. */
export function findPlace({ stack }: Thrown, source: string): CodePosition | undefined {
  const frame = FRAME.exec(stack);
  const line = Number(frame?.[1]) - 1;
  const isInSource = line >= 1 && line <= source.split("\n").length;
  return isInSource ? { line, column: Number(frame?.[2]) } : undefined;
}

/** Returns whether the source was still open where it ends, so that what we put behind it did not fit. */
export function endsEarly(thrown: Thrown, source: string): boolean {
  return FRAME.test(thrown.stack) && findPlace(thrown, source) === undefined;
}

const isOutOfMemory = ({ name, message }: Thrown) =>
  name === "InternalError" && (message === "out of memory" || message === "string too long");

/** Chooses the error code for a failure of the user's code. */
export function chooseErrorCode(thrown: Thrown, stage: "reading" | "running"): CodeErrorCode {
  if (isOutOfMemory(thrown)) return "code-memory";
  if (thrown.notJson) return "code-output";
  return stage === "reading" && thrown.name === "SyntaxError" ? "code-syntax" : "code-threw";
}

const MISSING = /^'(.+)' is not defined$/;
const NO_NETWORK = "Code has no network; use an http step.";
const NO_TIMERS = "Code cannot wait; use a wait step.";
const NO_NODE = "Code has JavaScript's own objects only, nothing of Node.js.";
const NO_WEB = "Code has JavaScript's own objects only, nothing of a browser.";
const ADVICE: Readonly<Record<string, string>> = {
  fetch: NO_NETWORK,
  XMLHttpRequest: NO_NETWORK,
  WebSocket: NO_NETWORK,
  setTimeout: NO_TIMERS,
  setInterval: NO_TIMERS,
  setImmediate: NO_TIMERS,
  require: NO_NODE,
  module: NO_NODE,
  exports: NO_NODE,
  process: NO_NODE,
  Buffer: NO_NODE,
  global: NO_NODE,
  window: NO_WEB,
  document: NO_WEB,
  URL: NO_WEB,
  TextEncoder: NO_WEB,
  TextDecoder: NO_WEB,
  crypto: NO_WEB,
  structuredClone: NO_WEB,
  atob: NO_WEB,
  btoa: NO_WEB,
  Intl: NO_WEB,
  tools: "Code has tools where its step lists them, or where its agent has others than code.",
  item: "There is an item only inside a map step.",
};

/** The thrown value in words, with what can be done about it where we know. */
export function sayThrown({ name, message }: Thrown): string {
  const said = [name, message].filter((part) => part !== "").join(": ");
  if (message.startsWith("could not load module")) return `${said}. Code cannot import.`;
  if (name === "InternalError" && message === "stack overflow") return `${said}. The recursion is too deep.`;
  const missing = MISSING.exec(message)?.[1] ?? "";
  const advice = Object.hasOwn(ADVICE, missing) ? ADVICE[missing] : undefined;
  return advice === undefined ? said : `${said}. ${advice}`;
}
