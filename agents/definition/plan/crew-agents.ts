import { listPlacedTools, type PlacedTool } from "#/agents/definition/plan/tool-list.ts";
import type { CrewAgent, CrewBody } from "#/agents/definition/format/crew.ts";

/** The manager's name among the members, where it is none of them. */
export const MANAGER = "manager";

/** The manager of a hierarchical crew that names none. */
export const STANDARD_MANAGER: CrewAgent = {
  role: "Crew manager",
  goal: "Manage the team so that the task is done in the best way possible.",
  backstory:
    "You do not do the work yourself: you give it to the coworkers who fit it, judge their results, and put the final answer together.",
  tools: [],
  allowDelegation: true,
  maxIterations: 25,
  resultAsAnswer: [],
  injectDate: false,
};

interface PlacedAgent {
  readonly place: readonly string[];
  readonly agent: CrewAgent;
}

/** The agents of a crew with their places, the manager that is written out among them. */
export const crewAgents = ({ agents, manager }: CrewBody): readonly PlacedAgent[] => [
  ...Object.entries(agents).map(([id, agent]) => ({ place: ["agents", id], agent })),
  ...(typeof manager === "object" ? [{ place: ["manager"], agent: manager }] : []),
];

/** Returns the tools that a crew names, with their places. */
export function listCrewTools(crew: CrewBody): readonly PlacedTool[] {
  const owners = [
    ...crewAgents(crew).map(({ place, agent }) => ({ place, tools: agent.tools })),
    ...crew.tasks.map(({ tools = [] }, index) => ({ place: ["tasks", index], tools })),
  ];
  return owners.flatMap(({ place, tools }) =>
    listPlacedTools(tools).map((tool) => ({ place: [...place, "tools", ...tool.place], name: tool.name })),
  );
}

/** A name of an input in single braces. Other braces stay. */
const INPUT_NAME = /(?<!\{)\{([A-Za-z_]\w*)\}(?!\})/g;

/** CrewAI's `{topic}` is our `{{ input.topic }}`. */
export function withInputs(text: string): string {
  return text.replaceAll(INPUT_NAME, "{{ input.$1 }}");
}

/** Returns the names of the inputs that a text has in single braces. */
export const inputNamesIn = (text: string): readonly string[] =>
  [...text.matchAll(INPUT_NAME)].map(([, name = ""]) => name);
