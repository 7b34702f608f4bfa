import type { OutlineEdge } from "#/agents/definition/outline/edges.ts";
import { outlineDefinition } from "#/agents/definition/outline/outline.ts";
import { indexTitles } from "#/agents/definition/outline/step-words.ts";

/** A way out of a step. */
export interface Exit {
  /** The title of the step that it leads to. */
  readonly to: string;
  /** When it is taken; undefined if always. */
  readonly when?: string;
}

export interface OutlinedStep {
  readonly id: string;
  readonly title: string;
  /** llm, agent, approval, …; undefined for the start, which is no step. */
  readonly type?: string | undefined;
  /** JSON pointer of the step, or of what a run starts with. */
  readonly path: string;
  readonly exits: readonly Exit[];
}

/** Lists the steps in the order in which a run reaches them, each with what comes next. */
export function listSteps(definition: unknown): readonly OutlinedStep[] {
  const { nodes, edges } = outlineDefinition(definition);
  const titleOf = indexTitles([...nodes, { id: "end", title: "End" }]);
  const describeExits = (id: string) =>
    edges.filter(({ from }) => from === id).map((edge) => describeExit(edge, titleOf));
  return [
    { id: "start", title: "Start", path: "/input", exits: describeExits("start") },
    ...nodes.map(({ id, title, type, path }) => ({ id, title, type, path, exits: describeExits(id) })),
  ];
}

type TitleOf = (id: string) => string;

function describeExit(edge: OutlineEdge, titleOf: TitleOf): Exit {
  const when = describeCondition(edge, titleOf);
  return { to: titleOf(edge.to), ...(when !== undefined && { when }) };
}

function describeCondition(edge: OutlineEdge, titleOf: TitleOf): string | undefined {
  const { kind, label, max } = edge;
  switch (kind) {
    case "plain":
      return undefined;
    case "conditional":
      return `if ${label}${max === undefined ? "" : ` (${max} times at most)`}`;
    case "otherwise":
      return "otherwise";
    case "join":
      return describeJoin(edge, titleOf);
    case "error":
      return "if it fails";
  }
}

function describeJoin({ from, joins = [], join }: OutlineEdge, titleOf: TitleOf): string {
  const others = joins.filter((other) => other !== from).map((other) => `“${titleOf(other)}”`);
  return join === "active"
    ? `with ${others.join(" and ")}, as far as they are taken`
    : `after ${others.join(" and ")} too`;
}
