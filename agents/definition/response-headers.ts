import { type Problem, pointer } from "#/agents/definition/problem.ts";
import type { Definition, Step } from "#/agents/definition/format/definition.ts";

/**
 * What a respond step may say about its answer. Everything else speaks for the whole site or for the connection: cookies, security policies, framing,
 * what other origins may read.
 */
const SETTABLE: ReadonlySet<string> = new Set([
  "cache-control",
  "content-disposition",
  "content-language",
  "content-type",
  "etag",
  "expires",
  "last-modified",
  "link",
  "location",
  "retry-after",
  "vary",
  "x-correlation-id",
  "x-request-id",
]);

/** What HTTP can carry in a header: visible characters of Latin-1, spaces and tabs. */
const VALUE = /^[\t\x20-\x7E\x80-\xFF]*$/;

/** Why a header cannot be set, or undefined. */
export function responseHeaderProblem(name: string, value: string): string | undefined {
  if (!SETTABLE.has(name.toLowerCase()))
    return `A response may not set the header “${name}”. It may set: ${[...SETTABLE].join(", ")}.`;
  return VALUE.test(value)
    ? undefined
    : `The header “${name}” has characters that HTTP cannot carry, such as line breaks.`;
}

/** Headers that respond steps set and may not. Values are rendered when the step runs, and are looked at then. */
export function responseProblems(definition: Definition): Problem[] {
  if (definition.kind !== "graph") return [];
  return Object.entries(definition.steps).flatMap(([id, step]) => problemsOfStep(step, ["steps", id]));
}

function problemsOfStep(step: Step, place: readonly string[]): Problem[] {
  if (step.type === "map") {
    if (!("steps" in step.do)) return problemsOfStep(step.do, [...place, "do"]);
    return Object.entries(step.do.steps).flatMap(([id, inner]) =>
      problemsOfStep(inner, [...place, "do", "steps", id]),
    );
  }
  if (step.type !== "respond") return [];
  return Object.keys(step.headers).flatMap((name) => {
    const message = responseHeaderProblem(name, "");
    return message === undefined ? [] : [{ path: pointer(...place, "headers", name), message }];
  });
}
