import { patternProblem } from "#/agents/definition/schema/pattern.ts";

interface Node {
  readonly op: string;
  readonly args: unknown;
}

/** CEL's library has a `text.matches(pattern)` of its own, on JavaScript's backtracking engine, and lets nobody replace it: calls of it become calls of ours. */
export const OUR_MATCHES = "matchesInLinearTime";

/** Turns the calls of `matches` in a syntax tree into calls of ours. @returns what is wrong with the patterns that are written out */
export function adoptMatches(node: unknown): readonly string[] {
  if (Array.isArray(node)) return node.flatMap(adoptMatches);
  if (!isNode(node) || !Array.isArray(node.args)) return isNode(node) ? adoptMatches(node.args) : [];
  const call = matchesCall(node.op, node.args);
  if (call === "method") node.args[0] = OUR_MATCHES;
  return [...(call ? writtenProblems(node.args) : []), ...adoptMatches(node.args)];
}

/** `text.matches(pattern)` or `matches(text, pattern)`. */
function matchesCall(op: string, args: readonly unknown[]): "method" | "function" | undefined {
  if (args[0] !== "matches") return undefined;
  if (op === "rcall") return "method";
  return op === "call" ? "function" : undefined;
}

function writtenProblems(args: readonly unknown[]): string[] {
  const pattern: unknown = [args.at(-1)].flat().at(-1);
  const problem =
    isNode(pattern) && pattern.op === "value" && typeof pattern.args === "string"
      ? patternProblem(pattern.args)
      : undefined;
  return problem === undefined ? [] : [problem];
}

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && "op" in value && "args" in value;
