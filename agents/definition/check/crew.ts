import { isReserved, reservedName } from "#/agents/definition/check/graph.ts";
import { pointer, type Problem, unknownName } from "#/agents/definition/problem.ts";
import type { CrewDefinition } from "#/agents/definition/format/definition.ts";

type Task = CrewDefinition["tasks"][number];

const unavailable = (used: boolean, path: string, what: string): Problem[] =>
  used ? [{ path, message: `${what} is not available yet.` }] : [];

/** What there is in a crew to be named. */
interface Names {
  readonly agents: ReadonlySet<string>;
  /** The first task of each name, by its place. */
  readonly tasks: ReadonlyMap<string, number>;
}

/** Tasks name agents that exist, and earlier tasks only. */
export function crewProblems(crew: CrewDefinition): Problem[] {
  const names: Names = {
    agents: new Set(Object.keys(crew.agents)),
    tasks: new Map(crew.tasks.map((task, index) => [task.id, index] as const).toReversed()),
  };
  return [
    ...unavailableParts(crew),
    ...crew.tasks.flatMap((task, index) => taskProblems(names, task, index)),
  ];
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
  return [
    ...unavailable(agent.memory, `${path}/memory`, "Memory"),
    ...unavailable(agent.allowDelegation, `${path}/allowDelegation`, "Delegation"),
  ];
}

function unavailableInTask(task: Task, path: string): Problem[] {
  return [
    ...unavailable(task.guardrail !== undefined, `${path}/guardrail`, "A guardrail"),
    ...unavailable(task.humanInput, `${path}/humanInput`, "Human input"),
    ...unavailable(task.async, `${path}/async`, "An asynchronous task"),
  ];
}

function taskProblems(names: Names, task: Task, index: number): Problem[] {
  const path = pointer("tasks", index);
  return [
    ...(isReserved(task.id) ? [reservedName(`${path}/id`, task.id)] : []),
    ...(names.tasks.get(task.id) === index
      ? []
      : [{ path: `${path}/id`, message: `There are two tasks named “${task.id}”.` }]),
    ...agentProblems(task.agent, `${path}/agent`, names.agents),
    ...(task.context ?? []).flatMap((name, place) =>
      contextProblems(name, `${path}${pointer("context", place)}`, { tasks: names.tasks, index }),
    ),
  ];
}

function agentProblems(name: string | undefined, path: string, known: ReadonlySet<string>): Problem[] {
  if (name === undefined) return [{ path, message: "In the sequential process every task needs an agent." }];
  return known.has(name) ? [] : [unknownName({ path, what: "agent", name, known })];
}

function contextProblems(
  name: string,
  path: string,
  { tasks, index }: { readonly tasks: Names["tasks"]; readonly index: number },
): Problem[] {
  const place = tasks.get(name);
  if (place === undefined)
    return [
      unknownName({
        path,
        what: "task",
        name,
        known: [...tasks]
          .filter(([, other]) => other < index)
          .map(([id]) => id)
          .toReversed(),
      }),
    ];
  return place < index ? [] : [{ path, message: `“${name}” is not an earlier task.` }];
}
