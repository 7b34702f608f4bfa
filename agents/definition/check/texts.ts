import { graphOfBody, listStateKeys } from "#/agents/definition/check/graph.ts";
import { placedRules } from "#/agents/definition/check/guardrails.ts";
import type { Memory } from "#/agents/definition/format/memory.ts";
import type { ToolList } from "#/agents/definition/format/fields.ts";
import type { CrewAgent, CrewBody, CrewTask, Guardrail, Until } from "#/agents/definition/format/crew.ts";
import { crewAgents, withInputs } from "#/agents/definition/plan/crew-agents.ts";
import { parseExpression } from "#/agents/definition/expression/expression.ts";
import { listKnown, nearest, placed, pointer, type Problem, shortened } from "#/agents/definition/problem.ts";
import type { Definition, DirectDefinition, GraphDefinition } from "#/agents/definition/format/definition.ts";
import { carriesSecrets, isFilledIn, type Step } from "#/agents/steps/table.ts";
import { splitTemplate } from "#/agents/definition/expression/template.ts";
import { spendWork, TooMuchWork, workAt } from "#/agents/definition/work.ts";

/** To look a name up. */
const PATH_WORK = 5;

const VARIABLES = ["input", "state", "trigger", "run"];
interface Known {
  readonly variables: readonly string[];
  /** By variable: its keys, where they are known. */
  readonly keys: Readonly<Record<string, ReadonlySet<string> | undefined>>;
}

/** Every expression can be read and names only variables, state keys and inputs that there are. */
export function textProblems(definition: Definition): Problem[] {
  switch (definition.kind) {
    case "direct":
      return directProblems(definition);
    case "crew":
      return crewTextProblems(definition, knownIn(definition, listTaskIds(definition)));
    case "graph":
      return graphTextProblems(definition);
  }
}

function knownIn(definition: Definition, stateKeys: readonly string[]): Known {
  return { variables: VARIABLES, keys: { input: inputKeys(definition), state: new Set(stateKeys) } };
}

/** Unknown where the input has no schema, or one that allows more than it lists. */
function inputKeys(definition: Definition): ReadonlySet<string> | undefined {
  const properties = definition.input?.["properties"];
  const others = definition.input?.["additionalProperties"];
  const isClosed = others === undefined || others === false;
  return isClosed && typeof properties === "object" && properties !== null
    ? new Set(Object.keys(properties))
    : undefined;
}

function directProblems(definition: DirectDefinition): Problem[] {
  const known = knownIn(definition, []);
  return [
    ...problemsIn(definition.prompt, "/prompt", known),
    ...problemsIn(definition.instructions, "/instructions", known),
    ...problemsIn(definition.files, "/files", known),
    ...policyProblems(definition, "", known),
    ...toolListProblems(definition, "", known),
  ];
}

/** The conditions of a tool policy see the arguments of the call besides. */
function policyProblems(
  { toolPolicy = {} }: { readonly toolPolicy?: DirectDefinition["toolPolicy"] },
  path: string,
  known: Known,
): Problem[] {
  const inCall = { ...known, variables: [...known.variables, "args"] };
  return Object.entries(toolPolicy).flatMap(([tool, rule]) =>
    typeof rule === "object"
      ? conditionProblems(rule.when, `${path}${pointer("toolPolicy", tool, "when")}`, inCall)
      : [],
  );
}

/** Tools may be an expression. */
const toolListProblems = (
  { tools }: { readonly tools?: ToolList | undefined },
  path: string,
  known: Known,
): Problem[] => (typeof tools === "string" ? conditionProblems(tools, `${path}/tools`, known) : []);

const listTaskIds = ({ tasks }: CrewBody): readonly string[] => tasks.map(({ id }) => id);

function crewTextProblems(crew: CrewBody, known: Known): Problem[] {
  return [
    ...memoryProblems(crew.memory, "", known),
    ...crewAgents(crew).flatMap(({ place, agent }) => crewAgentProblems(agent, pointer(...place), known)),
    ...crew.tasks.flatMap((task, index) => crewTaskProblems(task, pointer("tasks", index), known)),
  ];
}

function crewAgentProblems(agent: CrewAgent, path: string, known: Known): Problem[] {
  const { role, goal, backstory, toolPolicy } = agent;
  return [
    ...crewTexts({ role, goal, backstory }, path, known),
    ...memoryProblems(agent.memory, path, known),
    ...policyProblems({ toolPolicy }, path, known),
    ...toolListProblems(agent, path, known),
  ];
}

function memoryProblems(memory: Memory | undefined, path: string, known: Known): Problem[] {
  const key = typeof memory === "object" ? memory.key : undefined;
  return crewTexts({ key }, `${path}/memory`, known);
}

function crewTaskProblems(task: CrewTask, path: string, known: Known): Problem[] {
  const { description, expectedOutput, files = [], condition } = task;
  return [
    ...crewTexts({ description, expectedOutput }, path, known),
    ...problemsIn(files.map(withInputs), `${path}/files`, known),
    ...(condition === undefined ? [] : conditionProblems(condition, `${path}/condition`, known)),
    ...guardrailTextProblems(task.guardrail, `${path}/guardrail`, known),
    ...toolListProblems(task, path, known),
  ];
}

/** Checks the texts of a guardrail: a judge's is filled in; conditions see the answer besides. */
function guardrailTextProblems(guardrail: Guardrail | undefined, path: string, known: Known): Problem[] {
  return placedRules(guardrail, path).flatMap(({ path: at, rule }) => {
    if (typeof rule === "string") return problemsIn(rule, at, known);
    if ("judge" in rule) return problemsIn(rule.judge, `${at}/judge`, known);
    return "if" in rule ? conditionProblems(rule.if, `${at}/if`, withOutput(known)) : [];
  });
}

function untilProblems(until: Until | undefined, path: string, known: Known): Problem[] {
  const { judge, if: condition } = until ?? {};
  return [
    ...problemsIn(judge, `${path}/judge`, known),
    ...(condition === undefined ? [] : conditionProblems(condition, `${path}/if`, withOutput(known))),
  ];
}

const withOutput = (known: Known): Known => ({ ...known, variables: [...known.variables, "output"] });

function crewTexts(
  texts: Readonly<Record<string, string | undefined>>,
  path: string,
  known: Known,
): Problem[] {
  return Object.entries(texts).flatMap(([key, text]) =>
    text === undefined ? [] : problemsIn(withInputs(text), `${path}/${key}`, known),
  );
}

function graphTextProblems(graph: GraphDefinition): Problem[] {
  return findTextProblems(graph, knownIn(graph, listStateKeys(graph)));
}

function findTextProblems(graph: GraphDefinition, known: Known): Problem[] {
  const steps = Object.entries(graph.steps).flatMap(([id, step]) =>
    stepTextProblems(step, pointer("steps", id), known)
      .concat(retryProblems(step, pointer("steps", id)))
      .concat(
        step.type === "map" ? bodyTextProblems(graph, { step, path: pointer("steps", id, "do"), known }) : [],
      ),
  );
  const conditions = graph.edges.flatMap((edge, index) =>
    "when" in edge
      ? edge.when.flatMap((branch, place) =>
          conditionProblems(branch.if, pointer("edges", index, "when", place, "if"), known),
        )
      : [],
  );
  return [...steps, ...problemsIn(graph.output, "/output", known), ...conditions];
}

/** Checks the condition of a retry, which sees the failure alone. */
function retryProblems({ retry }: Step, path: string): Problem[] {
  return retry?.if === undefined
    ? []
    : conditionProblems(retry.if, `${path}/retry/if`, {
        variables: ["error", "attempt"],
        keys: { error: new Set(["code", "message", "retryable"]) },
      });
}

/** Checks the texts of a step; those that leave for another service may name secrets besides. */
function stepTextProblems(step: Step, path: string, known: Known): Problem[] {
  const withSecrets = { ...known, variables: [...known.variables, "secrets"] };
  const filledIn = Object.entries(step).flatMap(([key, value]: [string, unknown]) =>
    isFilledIn(step, key)
      ? problemsIn(value, `${path}${pointer(key)}`, carriesSecrets(step, key) ? withSecrets : known)
      : [],
  );
  return [
    ...filledIn,
    ...("toolPolicy" in step ? policyProblems(step, path, known) : []),
    ...(step.type === "crew" ? crewStepProblems(step, path, known) : []),
    ...(step.type === "agent" ? agentStepProblems(step, path, known) : []),
  ];
}

/** The tasks of a crew see the state around it besides their own. */
function crewStepProblems(step: CrewBody, path: string, known: Known): Problem[] {
  const state = new Set([...(known.keys["state"] ?? []), ...listTaskIds(step)]);
  return placed(path, crewTextProblems(step, { ...known, keys: { ...known.keys, state } }));
}

function agentStepProblems(step: AgentStep, path: string, known: Known): Problem[] {
  return [
    ...guardrailTextProblems(step.guardrail, `${path}/guardrail`, known),
    ...untilProblems(step.until, `${path}/until`, known),
    ...toolListProblems(step, path, known),
  ];
}

type AgentStep = Extract<Step, { type: "agent" }>;

interface MapBody {
  readonly step: Extract<Step, { type: "map" }>;
  readonly path: string;
  readonly known: Known;
}

/** Inside a map there are the item and its place besides. */
function bodyTextProblems(graph: GraphDefinition, { step, path, known }: MapBody): Problem[] {
  const inside = { ...known, variables: [...known.variables, "item", "index"] };
  if (!("steps" in step.do)) return stepTextProblems(step.do, path, inside);
  const body = graphOfBody(graph, step.do);
  const keys = { ...known.keys, state: new Set([...(known.keys["state"] ?? []), ...listStateKeys(body)]) };
  const knownInside = { ...inside, keys };
  return placed(path, [
    ...findTextProblems(body, knownInside),
    ...problemsIn(step.do.output, "/output", knownInside),
  ]);
}

/** The problems of all templates in a value, however deep. */
function problemsIn(value: unknown, path: string, known: Known): Problem[] {
  if (typeof value === "string") return templateProblems(value, path, known);
  if (Array.isArray(value))
    return value.flatMap((item, index) => problemsIn(item, `${path}${pointer(index)}`, known));
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, item]) => problemsIn(item, `${path}${pointer(key)}`, known));
}

function templateProblems(template: string, path: string, known: Known): Problem[] {
  return splitTemplate(template).flatMap((piece) => {
    if ("unclosed" in piece)
      return [
        { path, message: "“{{” is not closed.", suggestion: '}} at its end, or {{ "{{" }} for two braces' },
      ];
    return "expression" in piece ? expressionProblems(piece.expression, path, known) : [];
  });
}

function conditionProblems(source: string, path: string, known: Known): Problem[] {
  const [first, ...rest] = splitTemplate(source.trim());
  if (first && "expression" in first && rest.length === 0) {
    return [
      { path, message: "This is an expression already: braces are for texts.", suggestion: first.expression },
    ];
  }
  return expressionProblems(source, path, known);
}

function expressionProblems(source: string, path: string, known: Known): Problem[] {
  try {
    const { check, paths } = workAt(path, () => parseExpression(source));
    check();
    spendWork(PATH_WORK * paths.length);
    return paths.flatMap((names) => pathProblems(names, path, known));
  } catch (error) {
    if (error instanceof TooMuchWork) throw error;
    return [{ path, message: error instanceof Error ? error.message : String(error) }];
  }
}

function pathProblems([variable = "", key]: readonly string[], path: string, known: Known): Problem[] {
  if (!known.variables.includes(variable)) return [variableProblem(variable, path, known)];
  if (variable === "secrets" && key === undefined)
    return [{ path, message: "Write the name of the secret out: secrets.NAME." }];
  const keys = known.keys[variable];
  if (key === undefined || keys === undefined || keys.has(key)) return [];
  const suggestion = nearest(key, [...keys]);
  return [
    {
      path,
      message: `${variable} has no “${shortened(key)}”.${listKnown([...keys])}`,
      ...(suggestion !== undefined && { suggestion: `${variable}.${suggestion}` }),
    },
  ];
}

function variableProblem(variable: string, path: string, { variables, keys }: Known): Problem {
  if (variable === "secrets")
    return {
      path,
      message:
        "secrets can be used only in url, headers, query and body of http steps and in the input of tool steps.",
    };
  const owner = Object.entries(keys).find(([, names]) => names?.has(variable))?.[0];
  const suggestion = owner === undefined ? nearest(variable, variables) : `${owner}.${variable}`;
  return {
    path,
    message: `There is no variable “${shortened(variable)}”. Known: ${variables.join(", ")}.`,
    ...(suggestion !== undefined && { suggestion }),
  };
}
