import { guardrailProblems } from "#/agents/definition/check/guardrails.ts";
import { isReserved, reservedName } from "#/agents/definition/check/reserved-names.ts";
import type { CrewAgent, CrewBody, CrewTask, AgentLimit } from "#/agents/definition/format/crew.ts";
import { crewAgents, MANAGER } from "#/agents/definition/plan/crew-agents.ts";
import { PLANNING } from "#/agents/definition/plan/planning-step.ts";
import { DELEGATION_TOOLS, plainRole } from "#/agents/definition/plan/team.ts";
import { isOpenList, listToolNames } from "#/agents/definition/plan/tool-list.ts";
import { pointer, type Problem, unknownName } from "#/agents/definition/problem.ts";

/** The names that there are in a crew. */
interface Names {
  readonly agents: ReadonlySet<string>;
  /** The first task of each name, by its place. */
  readonly tasks: ReadonlyMap<string, number>;
}

/** A task with what its checks look at. */
interface PlacedTask {
  readonly crew: CrewBody;
  readonly names: Names;
  readonly task: CrewTask;
  readonly index: number;
  readonly path: string;
}

/** Finds what keeps a crew from being carried out as it is written: who does what, in which order, and what may be combined. */
export function crewProblems(crew: CrewBody): Problem[] {
  const names: Names = {
    agents: new Set(Object.keys(crew.agents)),
    tasks: new Map(crew.tasks.map((task, index) => [task.id, index] as const).toReversed()),
  };
  return [
    ...managerProblems(crew, names),
    ...crewAgents(crew).flatMap(({ place, agent }) => agentProblems(agent, pointer(...place), isTeam(crew))),
    ...roleProblems(crew),
    ...orderProblems(crew),
    ...fileProblems(crew),
    ...crew.tasks.flatMap((task, index) =>
      taskProblems({ crew, names, task, index, path: pointer("tasks", index) }),
    ),
  ];
}

const isDelegation = (tool: string): boolean => DELEGATION_TOOLS.some((name) => name === tool);

/** Tells whether somebody may give work to somebody else. */
const isTeam = (crew: CrewBody): boolean =>
  crew.process === "hierarchical" ||
  Object.values(crew.agents).some(({ allowDelegation }) => allowDelegation);

function managerProblems(crew: CrewBody, { agents }: Names): Problem[] {
  const { manager, process } = crew;
  if (process === "sequential")
    return manager === undefined
      ? []
      : [
          {
            path: "/manager",
            message: "Only the hierarchical process has a manager.",
            suggestion: "process: hierarchical",
          },
        ];
  if (typeof manager !== "string") return agents.has(MANAGER) ? [managerTaken()] : noStaff(agents, undefined);
  if (!agents.has(manager))
    return [unknownName({ path: "/manager", what: "agent", name: manager, known: agents })];
  return noStaff(agents, manager);
}

const managerTaken = (): Problem => ({
  path: pointer("agents", MANAGER),
  message: "This is what the crew's manager is called.",
  suggestion: `manager: ${MANAGER}, or another name for the agent`,
});

function noStaff(agents: ReadonlySet<string>, manager: string | undefined): Problem[] {
  const staff = [...agents].filter((id) => id !== manager);
  return staff.length > 0
    ? []
    : [{ path: "/agents", message: "A manager needs at least one other agent to give work to." }];
}

function agentProblems(agent: CrewAgent, path: string, inTeam: boolean): Problem[] {
  const clashes = inTeam ? listToolNames(agent.tools).filter(isDelegation) : [];
  return [
    ...clashes.map((name) => ({
      path: `${path}/tools`,
      message: `“${name}” is how agents give work to one another here. Rename the tool, or take it out.`,
    })),
    ...answerToolProblems(agent, path),
    ...agentLimitProblems(agent, path),
  ];
}

/** Only a question has a time in which it is to be answered. */
export const agentLimitProblems = ({ onLimit, askTimeout }: AgentLimit, path: string): Problem[] =>
  askTimeout === undefined || onLimit === "ask"
    ? []
    : [
        {
          path: `${path}/askTimeout`,
          message: "Nobody is asked at its limits, so there is no time to answer in.",
          suggestion: "onLimit: ask",
        },
      ];

/** Only a tool that an agent has can give its answer. */
export function answerToolProblems(
  { tools, resultAsAnswer }: Pick<CrewAgent, "tools" | "resultAsAnswer">,
  path: string,
): Problem[] {
  if (isOpenList(tools)) return [];
  const known = listToolNames(tools);
  return resultAsAnswer.flatMap((name, index) =>
    known.includes(name)
      ? []
      : [
          unknownName({
            path: `${path}${pointer("resultAsAnswer", index)}`,
            what: "tool of this agent",
            name,
            known,
          }),
        ],
  );
}

/** Agents turn to one another by their roles. */
function roleProblems(crew: CrewBody): Problem[] {
  if (!isTeam(crew)) return [];
  const byRole = Map.groupBy(Object.entries(crew.agents), ([, { role }]) => plainRole(role));
  return [...byRole.values()].flatMap(([, ...others]) =>
    others.map(([id, { role }]) => ({
      path: pointer("agents", id, "role"),
      message: `Another agent has the role “${role}” too, and agents turn to one another by their roles. Tell them apart.`,
    })),
  );
}

/** Several asynchronous tasks at the end would leave open which of them gives the result. */
function orderProblems({ tasks }: CrewBody): Problem[] {
  const lastInOrder = tasks.findLastIndex((task) => !task.async);
  const trailing = tasks.length - 1 - lastInOrder;
  return trailing < 2
    ? []
    : [
        {
          path: pointer("tasks", tasks.length - 1, "async"),
          message: `A crew ends with one asynchronous task at most; this one ends with ${trailing}. Add a task that brings their results together.`,
        },
      ];
}

function fileProblems({ tasks }: CrewBody): Problem[] {
  const seen = new Set<string>();
  return tasks.flatMap(({ outputFile }, index) => {
    if (outputFile === undefined) return [];
    const isTaken = seen.has(outputFile);
    seen.add(outputFile);
    return isTaken
      ? [{ path: pointer("tasks", index, "outputFile"), message: "Another task writes this file already." }]
      : [];
  });
}

function taskProblems(placed: PlacedTask): Problem[] {
  const { crew, names, task, index, path } = placed;
  return [
    ...nameProblems(placed),
    ...workerProblems(placed),
    ...(task.context ?? []).flatMap((name, place) =>
      contextProblems(name, `${path}${pointer("context", place)}`, { tasks: names.tasks, index }),
    ),
    ...asyncProblems(placed),
    ...conditionProblems(task, index, path),
    ...guardrailProblems(task.guardrail, `${path}/guardrail`),
    ...(crew.process === "hierarchical" ? toolClashes(task, path) : []),
  ];
}

const toolClashes = ({ tools = [] }: CrewTask, path: string): Problem[] =>
  listToolNames(tools).some(isDelegation)
    ? [
        {
          path: `${path}/tools`,
          message: "delegate and ask are how a manager gives work away. Rename the tool.",
        },
      ]
    : [];

function nameProblems({ crew, names, task, index, path }: PlacedTask): Problem[] {
  const isPlanning = crew.planning !== false && task.id === PLANNING;
  return [
    ...(isReserved(task.id) ? [reservedName(`${path}/id`, task.id)] : []),
    ...(names.tasks.get(task.id) === index
      ? []
      : [{ path: `${path}/id`, message: `There are two tasks named “${task.id}”.` }]),
    ...(isPlanning
      ? [{ path: `${path}/id`, message: `“${PLANNING}” is the step that plans. Choose another name.` }]
      : []),
  ];
}

function workerProblems({ crew, names, task, path }: PlacedTask): Problem[] {
  const { agent } = task;
  const at = `${path}/agent`;
  if (crew.process === "sequential" && agent === undefined)
    return [{ path: at, message: "In the sequential process every task needs an agent." }];
  if (agent === undefined) return [];
  if (!names.agents.has(agent))
    return [unknownName({ path: at, what: "agent", name: agent, known: names.agents })];
  return crew.process === "hierarchical" && agent === crew.manager
    ? [{ path: at, message: "The manager gives this task to somebody else: name another agent, or none." }]
    : [];
}

interface Earlier {
  readonly tasks: ReadonlyMap<string, number>;
  readonly index: number;
}

function contextProblems(name: string, path: string, { tasks, index }: Earlier): Problem[] {
  const place = tasks.get(name);
  if (place === undefined) {
    const known = [...tasks].filter(([, other]) => other < index).map(([id]) => id);
    return [unknownName({ path, what: "task", name, known: known.toReversed() })];
  }
  return place < index ? [] : [{ path, message: `“${name}” is not an earlier task.` }];
}

/** Finds asynchronous tasks that would wait for one another. */
function asyncProblems({ crew, names, task, index, path }: PlacedTask): Problem[] {
  if (!task.async) return [];
  const lastInOrder = crew.tasks.slice(0, index).findLastIndex((other) => !other.async);
  return (task.context ?? []).flatMap((name, place) => {
    const at = names.tasks.get(name);
    return at !== undefined && at > lastInOrder && at < index
      ? [
          {
            path: `${path}${pointer("context", place)}`,
            message: `“${name}” runs at the same time as this task, so its output is not there yet. Make one of the two wait (async: false).`,
          },
        ]
      : [];
  });
}

function conditionProblems({ condition, async: isAsync }: CrewTask, index: number, path: string): Problem[] {
  if (condition === undefined) return [];
  const at = `${path}/condition`;
  if (index === 0)
    return [{ path: at, message: "The first task has nothing before it that a condition could look at." }];
  return isAsync
    ? [
        {
          path: at,
          message: "An asynchronous task has no condition: the tasks beside it do not wait for it.",
        },
      ]
    : [];
}
