import type { PlanEdge } from "#/agents/definition/plan/plan.ts";
import { toPlan } from "#/agents/definition/plan/planner.ts";
import type { Definition } from "#/agents/definition/format/definition.ts";
import { stepsOf } from "../runs/[run]/step-list.ts";

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
  readonly exits: readonly Exit[];
}

/** The steps in the order in which a run reaches them, each with what comes next. The definition has been validated. */
export function outlineOf(definition: Definition): readonly OutlinedStep[] {
  const { edges, steps } = toPlan(definition);
  const listed = stepsOf({ kind: definition.kind, definition });
  const titles = new Map([["end", "End"], ...listed.map(({ id, title }): [string, string] => [id, title])]);
  const titleOf: TitleOf = (id) => titles.get(id) ?? id;
  const exitsOf = (id: string) => [
    ...edges.flatMap((edge) => exitsBy(edge, id, titleOf)),
    ...detourOf(steps[id]?.onError, titleOf),
  ];
  return [
    { id: "start", title: "Start", exits: exitsOf("start") },
    ...listed.map(({ id, title, type }) => ({ id, title, type, exits: exitsOf(id) })),
  ];
}

type TitleOf = (id: string) => string;

function exitsBy({ from, when, otherwise, join }: PlanEdge, id: string, titleOf: TitleOf): readonly Exit[] {
  if (!from.includes(id)) return [];
  const last = titleOf(otherwise);
  if (when.length > 0)
    return [
      ...when.map((branch) => ({
        to: titleOf(branch.to),
        when: `if ${branch.if}${branch.max === undefined ? "" : ` (${branch.max} times at most)`}`,
      })),
      { to: last, when: "otherwise" },
    ];
  const others = from.filter((other) => other !== id).map((other) => `“${titleOf(other)}”`);
  if (others.length === 0 || join === "each") return [{ to: last }];
  return [
    {
      to: last,
      when:
        join === "active"
          ? `with ${others.join(" and ")}, as far as they are taken`
          : `after ${others.join(" and ")} too`,
    },
  ];
}

function detourOf(onError: unknown, titleOf: TitleOf): readonly Exit[] {
  if (typeof onError !== "object" || onError === null || !("goto" in onError)) return [];
  return [{ to: titleOf(String(onError.goto)), when: "if it fails" }];
}
