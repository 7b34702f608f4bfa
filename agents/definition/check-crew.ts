import { pointer, type Problem, unknownName } from "#/agents/definition/problem.ts";
import type { CrewDefinition } from "#/agents/definition/schema.ts";

/** Parts of the crew format that can be written down and are not carried out yet. */
function unavailable(crew: CrewDefinition): Problem[] {
  const say = (path: string, what: string) => ({ path, message: `${what} is not available yet.` });
  return [
    ...(crew.process === "hierarchical" ? [say("/process", "The hierarchical process")] : []),
    ...(crew.manager === undefined ? [] : [say("/manager", "A manager")]),
    ...(crew.planning ? [say("/planning", "Planning")] : []),
    ...(crew.memory ? [say("/memory", "Memory")] : []),
    ...Object.entries(crew.agents).flatMap(([id, agent]) => [
      ...(agent.memory ? [say(pointer("agents", id, "memory"), "Memory")] : []),
      ...(agent.allowDelegation ? [say(pointer("agents", id, "allowDelegation"), "Delegation")] : []),
    ]),
    ...crew.tasks.flatMap((task, index) => [
      ...(task.guardrail === undefined ? [] : [say(pointer("tasks", index, "guardrail"), "A guardrail")]),
      ...(task.humanInput ? [say(pointer("tasks", index, "humanInput"), "Human input")] : []),
      ...(task.async ? [say(pointer("tasks", index, "async"), "An asynchronous task")] : []),
    ]),
  ];
}

/** Tasks name agents that exist, and earlier tasks only. */
export function crewProblems(crew: CrewDefinition): Problem[] {
  const agents = Object.keys(crew.agents);
  const ids = crew.tasks.map((task) => task.id);
  return [
    ...unavailable(crew),
    ...crew.tasks.flatMap((task, index) => [
      ...(ids.indexOf(task.id) === index ? [] : [{ path: pointer("tasks", index, "id"), message: `There are two tasks named “${task.id}”.` }]),
      ...agentProblems(task.agent, pointer("tasks", index, "agent"), agents),
      ...(task.context ?? []).flatMap((name, place) => {
        const path = pointer("tasks", index, "context", place);
        if (!ids.includes(name)) return [unknownName(path, "task", name, ids)];
        return ids.indexOf(name) < index ? [] : [{ path, message: `“${name}” is not an earlier task.` }];
      }),
    ]),
  ];
}

function agentProblems(name: string | undefined, path: string, agents: readonly string[]): Problem[] {
  if (name === undefined) return [{ path, message: "In the sequential process every task needs an agent." }];
  return agents.includes(name) ? [] : [unknownName(path, "agent", name, agents)];
}
