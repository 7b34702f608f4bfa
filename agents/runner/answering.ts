import type { NodePlace } from "#/agents/langgraph/compile/graph-call.ts";
import { Parking } from "#/agents/steps/parking.ts";
import type { Task } from "#/agents/steps/task.ts";

/** Gives the answers one by one, in the order in which the task asks; those of each part of it by themselves. */
export function answering(parked: NodePlace["parked"]): Task["wait"] {
  const { answers = [], askers = [] } = parked ?? {};
  const left = Map.groupBy(answers.keys(), (index) => askers[index] ?? "");
  return (request) => {
    const index = left.get(request.asker ?? "")?.shift();
    if (index === undefined) throw new Parking(request);
    return answers[index];
  };
}
