import { isReserved, reservedName } from "#/agents/definition/check-graph.ts";
import { pointer, type Problem, unknownName } from "#/agents/definition/problem.ts";
import type { CrewDefinition } from "#/agents/definition/schema.ts";

type Task = CrewDefinition["tasks"][number];

const unavailable = (used: boolean, path: string, what: string): Problem[] => (used ? [{ path, message: `${what} is not available yet.` }] : []);

/** Tasks name agents that exist, and earlier tasks only. */
export function crewProblems(crew: CrewDefinition): Problem[] {
  return [...unavailableParts(crew), ...crew.tasks.flatMap((task, index) => taskProblems(crew, task, index))];
}

/** Parts of the crew format that can be written down and are not carried out yet. */
function unavailableParts(crew: CrewDefinition): Problem[] {
  return [
    ...unavailable(crew.process === "hierarchical", "/process", "The hierarchical process"),
    ...unavailable(crew.manager !== undefined, "/manager", "A manager"),
    ...unavailable(crew.planning, "/planning", "Planning"),
    ...unavailable(crew.memory, "/memory", "Memory"),
    ...Object.entries(crew.agents).flatMap(([id, agent]) => unavailableInAgent(agent, pointer("agents", id))),
    ...crew.tasks.flatMap((task, index) => unavailableInTask(task, pointer("tasks", index))),
  ];
}

function unavailableInAgent(agent: CrewDefinition["agents"][string], path: string): Problem[] {
  return [...unavailable(agent.memory, `${path}/memory`, "Memory"), ...unavailable(agent.allowDelegation, `${path}/allowDelegation`, "Delegation")];
}

function unavailableInTask(task: Task, path: string): Problem[] {
  return [
    ...unavailable(task.guardrail !== undefined, `${path}/guardrail`, "A guardrail"),
    ...unavailable(task.humanInput, `${path}/humanInput`, "Human input"),
    ...unavailable(task.async, `${path}/async`, "An asynchronous task"),
  ];
}

function taskProblems(crew: CrewDefinition, task: Task, index: number): Problem[] {
  const path = pointer("tasks", index);
  const ids = crew.tasks.map((other) => other.id);
  return [
    ...(isReserved(task.id) ? [reservedName(`${path}/id`, task.id)] : []),
    ...(ids.indexOf(task.id) === index ? [] : [{ path: `${path}/id`, message: `There are two tasks named “${task.id}”.` }]),
    ...agentProblems(task.agent, `${path}/agent`, Object.keys(crew.agents)),
    ...(task.context ?? []).flatMap((name, place) => contextProblems(name, `${path}${pointer("context", place)}`, { ids, index })),
  ];
}

function agentProblems(name: string | undefined, path: string, known: readonly string[]): Problem[] {
  if (name === undefined) return [{ path, message: "In the sequential process every task needs an agent." }];
  return known.includes(name) ? [] : [unknownName({ path, what: "agent", name, known })];
}

function contextProblems(name: string, path: string, { ids, index }: { readonly ids: readonly string[]; readonly index: number }): Problem[] {
  if (!ids.includes(name)) return [unknownName({ path, what: "task", name, known: ids.slice(0, index) })];
  return ids.indexOf(name) < index ? [] : [{ path, message: `“${name}” is not an earlier task.` }];
}
