import type { WriteRow } from "#/agents/langgraph/checkpoint/store.ts";
import type { ParkedTask } from "#/agents/langgraph/compile/parked-task.ts";

/**
 * Tasks that an earlier version of Cairn let wait inside their superstep, by LangGraph's ids. The superstep is repeated, its finished tasks aside, and those
 * that wait are parked from then on.
 */
export function interruptedTasks(
  writes: readonly WriteRow[],
  superstep: number,
  answers: Readonly<Record<string, unknown>>,
): ReadonlyMap<string, ParkedTask> {
  const tasks = new Map<string, ParkedTask>();
  for (const { task_id, channel, value } of writes) {
    const id = channel === "__interrupt__" ? interruptId(value) : undefined;
    if (id === undefined) continue;
    const before = writes.find((write) => write.task_id === task_id && write.channel === "__resume__");
    const given = before ? [JSON.parse(before.value)].flat() : [];
    tasks.set(task_id, {
      id,
      node: "",
      on: "event",
      superstep,
      answers: id in answers ? [...given, answers[id]] : given,
      results: {},
      failures: 0,
    });
  }
  return tasks;
}

function interruptId(value: string): string | undefined {
  const [asked]: readonly { readonly id?: string }[] = [JSON.parse(value)].flat();
  return asked?.id;
}
