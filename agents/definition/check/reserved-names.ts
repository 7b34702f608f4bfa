import type { Problem } from "#/agents/definition/problem.ts";

/** The fixed ends of the edges, here and in LangGraph. */
const ENDS: ReadonlySet<string> = new Set(["start", "end", "__start__", "__end__"]);

/** Names that no step and no key of the state can have: the ends of the edges, and what every object of JavaScript has already. */
export const isReserved = (name: string): boolean => ENDS.has(name) || name in Object.prototype;

export const reservedName = (path: string, name: string): Problem => ({
  path,
  message: `“${name}” is a reserved name. Choose another one.`,
});
