import { listStateKeys } from "#/agents/definition/check/graph.ts";
import { placedRules } from "#/agents/definition/check/guardrails.ts";
import type { CrewBody, Guardrail, Until } from "#/agents/definition/format/crew.ts";
import type { ModelChoice } from "#/agents/definition/format/fields.ts";
import type { Memory } from "#/agents/definition/format/memory.ts";
import { crewAgents } from "#/agents/definition/plan/crew-agents.ts";
import { parseExpression } from "#/agents/definition/expression/expression.ts";
import { placed, pointer, type Problem } from "#/agents/definition/problem.ts";
import type { Definition } from "#/agents/definition/format/definition.ts";
import { type PlacedStep, placedSteps } from "#/agents/definition/plan/placed-steps.ts";
import { isFilledIn } from "#/agents/steps/table.ts";
import { splitTemplate } from "#/agents/definition/expression/template.ts";

/** A part of a definition in which nothing is filled in. */
interface Literal {
  readonly path: string;
  readonly value: unknown;
  readonly instead: string;
}

const NAME = "Write the name out.";
const SCHEMA = "A schema is fixed. What depends on the run is checked by a step, for example a code step.";
/** Advice on what to do in the place of an expression, by the key of a step. */
const INSTEAD: Readonly<Record<string, string>> = {
  outputSchema: SCHEMA,
  form: SCHEMA,
  onError: "Use onError: {goto: <step>}: a set step there can fill it in.",
  title: "Write the title out; only the title of an approval is filled in.",
};
/** Code is JavaScript, conditions are expressions without braces, and steps inside are looked at by themselves. */
const FOREIGN: ReadonlySet<string> = new Set([
  "source",
  "do",
  "retry",
  "toolPolicy",
  "guardrail",
  "until",
  "agents",
  "tasks",
  "manager",
  "memory",
  "planning",
]);
/** A pattern has braces of its own. */
const PATTERNS: ReadonlySet<string> = new Set(["pattern", "patternProperties"]);
const VARIABLES = ["input", "state", "trigger", "run", "item", "index", "secrets"];

/** An expression where nothing is filled in would be taken as text, without a word. Braces around something else are text: `Hello {{name}}` may be a default. */
export function literalProblems(definition: Definition): Problem[] {
  const names = new Set([...VARIABLES, ...knownKeys(definition)]);
  return listLiterals(definition).flatMap(({ path, value, instead }) =>
    textsIn(value, path).flatMap(({ path: place, text }) => {
      const expression = expressionIn(text, names);
      return expression === undefined
        ? []
        : [
            {
              path: place,
              message: `Nothing is filled in here: “{{ ${expression} }}” would stay as it is written. ${instead}`,
            },
          ];
    }),
  );
}

function knownKeys(definition: Definition): readonly string[] {
  const inputs = Object.keys(definition.input?.["properties"] ?? {});
  return definition.kind === "graph" ? [...inputs, ...listStateKeys(definition)] : inputs;
}

const literal = (value: unknown, instead: string, ...place: readonly (string | number)[]): Literal[] =>
  value === undefined ? [] : [{ path: pointer(...place), value, instead }];

function listLiterals(definition: Definition): Literal[] {
  const head = [...literal(definition.name, NAME, "name"), ...literal(definition.input, SCHEMA, "input")];
  switch (definition.kind) {
    case "direct":
      return [
        ...head,
        ...literal(definition.model, NAME, "model"),
        ...literal(definition.fallback, NAME, "fallback"),
        ...literal(definition.outputSchema, SCHEMA, "outputSchema"),
      ];
    case "crew":
      return [...head, ...listCrewLiterals(definition, [])];
    case "graph":
      return [
        ...head,
        ...Object.entries(definition.state).flatMap(([key, channel]) =>
          literal(channel.default, "A set step at the beginning can fill it in.", "state", key, "default"),
        ),
        ...placedSteps(definition).flatMap(literalsOfStep),
      ];
  }
}

function listCrewLiterals(crew: CrewBody, place: readonly string[]): Literal[] {
  return [
    ...listModelLiterals(crew, pointer(...place)),
    ...crewAgents(crew).flatMap(({ place: own, agent }) => {
      const path = pointer(...place, ...own);
      return literalModels(agent, path).concat(listModelLiterals(agent, path));
    }),
    ...crew.tasks.flatMap((task, index) => [
      ...literal(task.outputSchema, SCHEMA, ...place, "tasks", index, "outputSchema"),
      ...listModelLiterals(task, pointer(...place, "tasks", index)),
    ]),
  ];
}

/** The names of models where one is chosen. */
const literalModels = (
  { model, fallback }: Pick<ModelChoice, "model" | "fallback">,
  path: string,
): Literal[] => placed(path, [...literal(model, NAME, "model"), ...literal(fallback, NAME, "fallback")]);

/** Parts of agents, tasks and crews in which texts are filled in, and the names of their models are not. */
interface WithModels {
  readonly guardrail?: Guardrail | undefined;
  readonly until?: Until | undefined;
  readonly memory?: Memory | undefined;
  readonly planning?: boolean | ModelChoice | undefined;
}

function listModelLiterals({ guardrail, until, memory, planning }: WithModels, path: string): Literal[] {
  return [
    ...placedRules(guardrail, `${path}/guardrail`).flatMap((each) =>
      typeof each.rule === "object" && "judge" in each.rule ? literalModels(each.rule, each.path) : [],
    ),
    ...(until ? literalModels(until, `${path}/until`) : []),
    ...(typeof memory === "object" ? literalModels({ model: memory.model }, `${path}/memory`) : []),
    ...(typeof planning === "object" ? literalModels(planning, `${path}/planning`) : []),
  ];
}

function literalsOfStep({ place, step }: PlacedStep): Literal[] {
  const inCrew = step.type === "crew" ? listCrewLiterals(step, place) : [];
  const ofAgent = step.type === "agent" ? listModelLiterals(step, pointer(...place)) : [];
  const own = Object.entries(step).flatMap(([key, value]) =>
    FOREIGN.has(key) || isFilledIn(step, key) ? [] : literal(value, INSTEAD[key] ?? NAME, ...place, key),
  );
  return [...own, ...inCrew, ...ofAgent];
}

interface PlacedText {
  readonly path: string;
  readonly text: string;
}

function textsIn(value: unknown, path: string): PlacedText[] {
  if (typeof value === "string") return [{ path, text: value }];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]: [string, unknown]) =>
    PATTERNS.has(key) ? [] : textsIn(item, `${path}${pointer(key)}`),
  );
}

/** The first expression of a text that reads something there is, or nothing at all. */
function expressionIn(text: string, names: ReadonlySet<string>): string | undefined {
  if (!text.includes("{{")) return undefined;
  const expressions = splitTemplate(text).flatMap((piece) =>
    "expression" in piece ? [piece.expression] : [],
  );
  return expressions.find((expression) => {
    const variables = listVariables(expression);
    return (
      variables !== undefined && (variables.length === 0 || variables.some((variable) => names.has(variable)))
    );
  });
}

/** Undefined for what is no expression. */
function listVariables(expression: string): readonly string[] | undefined {
  try {
    return parseExpression(expression).paths.flatMap(([variable]) => variable ?? []);
  } catch {
    return undefined;
  }
}
