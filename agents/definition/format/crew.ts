import * as v from "valibot";
import {
  Duration,
  FileList,
  Id,
  JsonRecord,
  MAX_RPM,
  MODEL_FIELDS,
  Text,
  ToolList,
  ToolPolicy,
  whole,
} from "#/agents/definition/format/fields.ts";
import { Memory } from "#/agents/definition/format/memory.ts";

/** The shapes of a crew, and of the checks of an agent's answer. */

const Judge = v.strictObject({ judge: Text, ...MODEL_FIELDS });
const GuardrailRule = v.union(
  [
    Text,
    Judge,
    v.strictObject({ regex: Text, message: v.optional(Text) }),
    v.strictObject({ schema: JsonRecord }),
    v.strictObject({ if: Text, message: v.optional(Text) }),
    v.strictObject({ code: v.pipe(Text, v.maxLength(100_000)) }),
  ],
  "must be a text that a model judges by, {judge}, {regex}, {schema}, {if: <condition on output>} or {code}",
);
/** A rule that an answer has to pass. A text is the rule that a model judges by. */
export type GuardrailRule = v.InferOutput<typeof GuardrailRule>;

/** One rule, or several that are looked at in their order. */
const Guardrail = v.union([GuardrailRule, v.pipe(v.array(GuardrailRule), v.minLength(1), v.maxLength(10))]);
export type Guardrail = v.InferOutput<typeof Guardrail>;

/** The fields that say how the answer of an agent or of a task is checked. */
export const CHECK_FIELDS = {
  guardrail: v.optional(Guardrail),
  /** The most times that an answer which fails is sent back. */
  guardrailRetries: v.optional(whole(0, 10), 3),
};

export const RESULT_AS_ANSWER = v.optional(v.array(Text), []);

/** What becomes of an agent at one of its own limits (turns, and the rounds and money of `until`); without it, its best or last answer counts. */
export const AGENT_LIMIT_FIELDS = {
  onLimit: v.optional(v.picklist(["ask", "fail"])),
  /** A question about a limit that nobody has answered for so long stops the agent. */
  askTimeout: v.optional(Duration),
};
const AgentLimit = v.object(AGENT_LIMIT_FIELDS);
export type AgentLimit = Readonly<v.InferOutput<typeof AgentLimit>>;

/** Picks the fields that say what becomes of an agent at its own limits. */
export const pickAgentLimit = ({ onLimit, askTimeout }: AgentLimit): AgentLimit => ({
  ...(onLimit && { onLimit }),
  ...(askTimeout !== undefined && { askTimeout }),
});

/** Works on until a judge or a condition is content; the last answer counts in any case. */
export const Until = v.pipe(
  v.strictObject({
    judge: v.optional(Text),
    if: v.optional(Text),
    /** The model of the judge. */
    ...MODEL_FIELDS,
    rounds: v.optional(whole(1, 20), 3),
    maxCostUsd: v.optional(v.pipe(v.number(), v.minValue(0))),
  }),
  v.check(
    ({ judge, if: condition }) => (judge === undefined) !== (condition === undefined),
    "needs judge or if, and not both",
  ),
);
export type Until = v.InferOutput<typeof Until>;

/** Messages said before the question, each with its speaker: a conversation to continue, or examples of good answers. */
export const ExampleMessages = v.pipe(
  v.array(v.strictObject({ role: v.picklist(["user", "assistant"]), content: Text, files: FileList })),
  v.maxLength(50),
  v.check(
    (messages) => messages.every(({ role, files }) => role === "user" || files === undefined),
    "has files with messages of role user only",
  ),
);

const CrewAgent = v.strictObject({
  role: Text,
  goal: Text,
  backstory: v.optional(Text),
  tools: v.optional(ToolList, []),
  toolPolicy: v.optional(ToolPolicy),
  ...MODEL_FIELDS,
  /** Without it, the crew's. */
  memory: v.optional(Memory),
  allowDelegation: v.optional(v.boolean(), false),
  maxIterations: v.optional(whole(1, 50), 25),
  ...AGENT_LIMIT_FIELDS,
  resultAsAnswer: RESULT_AS_ANSWER,
  maxRpm: MAX_RPM,
  injectDate: v.optional(v.boolean(), false),
});
export type CrewAgent = v.InferOutput<typeof CrewAgent>;

const FileName = v.pipe(
  Text,
  v.maxLength(200),
  v.check(
    (name) => !/[\\:\0]|(?:^|\/)\.\.?(?:\/|$)|^\//.test(name),
    "must be a relative path such as reports/brief.md",
  ),
);

const CrewTask = v.strictObject({
  id: Id,
  description: Text,
  expectedOutput: Text,
  agent: v.optional(Id),
  context: v.optional(v.array(Id)),
  /** Shown to whoever works on the task: the agent that does it, and everybody whom work on it is given to. */
  files: FileList,
  tools: v.optional(ToolList),
  outputSchema: v.optional(JsonRecord),
  outputFile: v.optional(FileName),
  ...CHECK_FIELDS,
  humanInput: v.optional(v.boolean(), false),
  async: v.optional(v.boolean(), false),
  /** Without it, or where it is true, the task is done; else it is passed over and its output is empty. */
  condition: v.optional(Text),
});
export type CrewTask = v.InferOutput<typeof CrewTask>;

/** The fields of a crew, as a definition of its own or as a step. */
export const CREW_FIELDS = {
  agents: v.record(Id, CrewAgent),
  tasks: v.pipe(v.array(CrewTask), v.minLength(1, "a crew needs a task")),
  process: v.optional(v.picklist(["sequential", "hierarchical"]), "sequential"),
  manager: v.optional(v.union([Id, CrewAgent])),
  planning: v.optional(v.union([v.boolean(), v.strictObject(MODEL_FIELDS)]), false),
  memory: v.optional(Memory),
  /** All its requests to models together. */
  maxRpm: MAX_RPM,
};
/** A crew without what surrounds it. */
export type CrewBody = v.InferOutput<typeof Body>;
const Body = v.strictObject(CREW_FIELDS);
