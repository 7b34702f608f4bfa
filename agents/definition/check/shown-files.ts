import type { CrewBody } from "#/agents/definition/format/crew.ts";
import type { Definition } from "#/agents/definition/format/definition.ts";
import { listModels, type ModelChoice } from "#/agents/definition/format/fields.ts";
import { crewPlan } from "#/agents/definition/plan/crew-plan.ts";
import { withInputs } from "#/agents/definition/plan/crew-agents.ts";
import { type PlacedStep, placedSteps } from "#/agents/definition/plan/placed-steps.ts";
import { listColleagues } from "#/agents/definition/plan/team.ts";
import { pointer } from "#/agents/definition/problem.ts";

/** A model that is shown a file; undefined stands for the deployment's own. */
interface Viewer {
  readonly model: string | undefined;
  /** The beginning of a sentence about it; empty where it is the one that is always asked. */
  readonly when: string;
}

/** An entry of `files`, where it stands, and who is shown what it names. */
export interface ShownFile {
  readonly path: string;
  readonly text: string;
  readonly viewers: readonly Viewer[];
}

/** Lists the files that a definition shows models, as they are written. */
export function listShownFiles(definition: Definition): readonly ShownFile[] {
  switch (definition.kind) {
    case "direct":
      return placeFiles(definition.files, "", listViewers(definition));
    case "crew":
      return listCrewFiles(definition, "");
    case "graph":
      return placedSteps(definition).flatMap(listStepFiles);
  }
}

function listStepFiles({ place, step }: PlacedStep): readonly ShownFile[] {
  const path = pointer(...place);
  if (step.type === "crew") return listCrewFiles(step, path);
  if (step.type !== "llm" && step.type !== "agent") return [];
  const viewers = listViewers(step);
  const messages = step.type === "agent" ? (step.messages ?? []) : [];
  return [
    ...placeFiles(step.files, path, viewers),
    ...messages.flatMap(({ files }, index) =>
      placeFiles(files, `${path}${pointer("messages", index)}`, viewers),
    ),
  ];
}

/** A task's files are shown to the agent that does it, and to everybody whom it may give work to. */
function listCrewFiles(crew: CrewBody, path: string): readonly ShownFile[] {
  if (crew.tasks.every(({ files }) => files === undefined)) return [];
  const { steps } = crewPlan(crew);
  return crew.tasks.flatMap(({ id, files }, index) => {
    const step = steps[id];
    if (step?.type !== "agent") return [];
    const colleagues = listColleagues(step.team).flatMap(([name, { choice }]) =>
      listViewers(choice, `Where work is given to “${name}”: `),
    );
    const viewers = [...listViewers(step), ...colleagues];
    return placeFiles(files?.map(withInputs), `${path}${pointer("tasks", index)}`, viewers);
  });
}

const listViewers = (choice: ModelChoice, whose = ""): readonly Viewer[] =>
  listModels(choice).map((model, index) => ({
    model,
    when: index === 0 ? whose : `${whose}Where the fallback “${model}” is asked: `,
  }));

const placeFiles = (files: readonly string[] = [], path: string, viewers: readonly Viewer[]) =>
  files.map((text, index) => ({ path: `${path}${pointer("files", index)}`, text, viewers }));
