import type { Definition } from "#/agents/definition/format/definition.ts";

/** A graph of steps in a row that do nothing but remember their number. */
export function makeChain(steps: number): Definition {
  return {
    format: "cairn/v1",
    name: "chain",
    kind: "graph",
    state: {},
    steps: Object.fromEntries(
      Array.from({ length: steps }, (_, index) => [
        `s${index}`,
        { type: "set" as const, values: { value: index } },
      ]),
    ),
    edges: Array.from({ length: steps + 1 }, (_, index) => ({
      from: index === 0 ? "start" : `s${index - 1}`,
      to: index === steps ? "end" : `s${index}`,
    })),
  };
}
