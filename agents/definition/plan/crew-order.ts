import type { CrewTask } from "#/agents/definition/format/crew.ts";
import type { PlanEdge } from "#/agents/definition/plan/plan.ts";

type Placed = Pick<CrewTask, "id" | "async">;

/** Tasks that run side by side: consecutive asynchronous ones. The next task waits for all of them. */
function groupTasks(tasks: readonly Placed[]): readonly (readonly string[])[] {
  const groups: Placed[][] = [];
  for (const task of tasks) {
    const last = groups.at(-1);
    if (task.async && last?.[0]?.async) last.push(task);
    else groups.push([task]);
  }
  return groups.map((group) => group.map(({ id }) => id));
}

/** The edges between a crew's tasks. @param first a step before all of them */
export function crewEdges(tasks: readonly Placed[], first: string | undefined): readonly PlanEdge[] {
  const groups = [["start"], ...(first === undefined ? [] : [[first]]), ...groupTasks(tasks), ["end"]];
  return groups.flatMap((group, index) => edgesBetween(groups[index - 1], group));
}

const edgesBetween = (from: readonly string[] | undefined, to: readonly string[]): readonly PlanEdge[] =>
  from === undefined ? [] : to.map((name) => ({ from, when: [], otherwise: name }));
