import type { CrewBody } from "#/agents/definition/format/crew.ts";
import type { Definition } from "#/agents/definition/format/definition.ts";
import type { Memory } from "#/agents/definition/format/memory.ts";
import { crewAgents, inputNamesIn } from "#/agents/definition/plan/crew-agents.ts";
import { placedSteps } from "#/agents/definition/plan/placed-steps.ts";
import { listKnown, nearest, placed, pointer, type Problem, shortened } from "#/agents/definition/problem.ts";
import { spendWork } from "#/agents/definition/work.ts";
import { isJsonObject } from "#/lib/json-object.ts";

/**
 * Lists the `{names}` in the texts of crews that the input's schema does not declare. Where that allows others, or there is none, a run may bring them, so
 * they keep nothing from being published.
 */
export function undeclaredInputWarnings(definition: Definition): Problem[] {
  const properties = definition.input?.["properties"];
  const declared = isJsonObject(properties) ? Object.keys(properties) : [];
  return placedCrews(definition).flatMap(({ place, crew }) =>
    placed(pointer(...place), listTexts(crew)).flatMap(({ path, text }) => warnOf(text, path, declared)),
  );
}

interface PlacedCrew {
  readonly place: readonly string[];
  readonly crew: CrewBody;
}

function placedCrews(definition: Definition): readonly PlacedCrew[] {
  if (definition.kind === "crew") return [{ place: [], crew: definition }];
  return placedSteps(definition).flatMap(({ place, step }) =>
    step.type === "crew" ? [{ place, crew: step }] : [],
  );
}

interface PlacedText {
  readonly path: string;
  readonly text: string;
}

/** The texts of a crew in which `{topic}` stands for an input. */
function listTexts(crew: CrewBody): readonly PlacedText[] {
  const agents = crewAgents(crew).flatMap(({ place, agent: { role, goal, backstory, memory } }) =>
    placed(pointer(...place), textsIn({ role, goal, backstory, ...memoryTexts(memory) })),
  );
  const tasks = crew.tasks.flatMap(({ description, expectedOutput, files = [] }, index) =>
    placed(pointer("tasks", index), [
      ...textsIn({ description, expectedOutput }),
      ...files.map((text, position) => ({ path: pointer("files", position), text })),
    ]),
  );
  return [...textsIn(memoryTexts(crew.memory)), ...agents, ...tasks];
}

const memoryTexts = (memory: Memory | undefined) => ({
  "memory/key": typeof memory === "object" ? memory.key : undefined,
});

const textsIn = (texts: Readonly<Record<string, string | undefined>>): readonly PlacedText[] =>
  Object.entries(texts).flatMap(([key, text]) => (text === undefined ? [] : [{ path: `/${key}`, text }]));

function warnOf(text: string, path: string, declared: readonly string[]): readonly Problem[] {
  spendWork(text.length / 100);
  const undeclared = inputNamesIn(text).filter((name) => !declared.includes(name));
  return [...new Set(undeclared)].map((name) => undeclaredInput(name, path, declared));
}

function undeclaredInput(name: string, path: string, declared: readonly string[]): Problem {
  const suggestion = nearest(name, declared);
  return {
    path,
    message: `The workflow's input declares no “${shortened(name)}”, so nobody is asked for it, and a run without it fails. Declare it in the input's schema.${listKnown(declared)}`,
    ...(suggestion !== undefined && { suggestion: `{${suggestion}}` }),
  };
}
