import * as v from "valibot";
import { adviceFor, isDuration, LONGEST_MS } from "#/agents/definition/format/duration.ts";

/** cairn/v1: the one shape behind the canvas, files, the API and the builder. Unknown keys are errors. */
const text = v.pipe(v.string(), v.minLength(1, "must not be empty"));
const JsonObject = v.record(v.string(), v.unknown());
const ID_FORM = /^[A-Za-z_][A-Za-z0-9_-]*$/;
/** The name of a step, a key of the state, an agent or a task. */
const Id = v.pipe(
  v.string(),
  v.regex(ID_FORM, "must start with a letter and have only letters, digits, _ and -"),
  v.maxLength(60),
);
const DURATION_FORM = "must be a duration such as 30s, 5m, 24h or 7d";
const noDuration = ({ input }: { readonly input: string }) => `${DURATION_FORM}. ${adviceFor(input)}`;
const Duration = v.pipe(v.string(), v.check(isDuration, noDuration));
const whole = (least: number, most: number) =>
  v.pipe(v.number(), v.integer("must be a whole number"), v.minValue(least), v.maxValue(most));

/** Whether a call of a tool is made at once, after a person's approval, never, or after an approval when a condition on its arguments holds. */
const ToolPolicy = v.record(
  v.string(),
  v.union(
    [v.picklist(["auto", "approve", "deny"]), v.strictObject({ when: text })],
    "must be auto, approve, deny or {when: <condition on args>}",
  ),
);
export type ToolRule = v.InferOutput<typeof ToolPolicy>[string];

const Retry = v.strictObject({
  attempts: v.optional(whole(1, 10)),
  backoff: v.optional(Duration),
  if: v.optional(text),
});
const OnError = v.union(
  [v.literal("fail"), v.strictObject({ continue: v.unknown() }), v.strictObject({ goto: Id })],
  "must be fail, {continue: <value>} or {goto: <step>}",
);

const COMMON = {
  title: v.optional(text),
  save: v.optional(Id),
  retry: v.optional(Retry),
  timeout: v.optional(Duration),
  onError: v.optional(OnError),
};

const LlmStep = v.strictObject({
  type: v.literal("llm"),
  ...COMMON,
  prompt: text,
  instructions: v.optional(text),
  model: v.optional(text),
  outputSchema: v.optional(JsonObject),
  temperature: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(2))),
  maxOutputTokens: v.optional(whole(1, 1_000_000)),
});

const AgentStep = v.strictObject({
  type: v.literal("agent"),
  ...COMMON,
  role: text,
  goal: text,
  backstory: v.optional(text),
  prompt: v.optional(text),
  tools: v.optional(v.array(text), []),
  toolPolicy: v.optional(ToolPolicy),
  model: v.optional(text),
  outputSchema: v.optional(JsonObject),
  maxIterations: v.optional(whole(1, 50), 10),
});

const SearchStep = v.strictObject({
  type: v.literal("search"),
  ...COMMON,
  query: text,
  topK: v.optional(whole(1, 50), 5),
  filter: v.optional(JsonObject),
});

const ApprovalStep = v.strictObject({
  type: v.literal("approval"),
  ...COMMON,
  title: text,
  description: v.optional(text),
  show: v.optional(v.unknown()),
  actions: v.optional(v.pipe(v.array(Id), v.minLength(1)), ["approve", "reject"]),
  edits: v.optional(Id),
  /** Whether whoever started the run may decide. */
  selfApproval: v.optional(v.boolean()),
  form: v.optional(JsonObject),
  // oxlint-disable-next-line unicorn/no-thenable -- a word of the format, in data that nobody awaits
  timeout: v.optional(v.strictObject({ after: Duration, then: Id })),
});

const SetStep = v.strictObject({ type: v.literal("set"), ...COMMON, values: JsonObject });

const QueryValue = v.union([v.string(), v.number(), v.boolean()]);

const HttpStep = v.strictObject({
  type: v.literal("http"),
  ...COMMON,
  method: v.optional(v.picklist(["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"]), "GET"),
  url: text,
  headers: v.optional(v.record(v.string(), v.string())),
  query: v.optional(
    v.record(
      v.string(),
      v.union([QueryValue, v.array(QueryValue)], "must be a text, a number, a boolean, or a list of them"),
    ),
  ),
  body: v.optional(v.unknown()),
  idempotent: v.optional(v.boolean()),
});

const isDurationOrTemplate = (value: string) => value.includes("{{") || isDuration(value);
/** Exactly one of for, until and event; check/graph.ts says so. */
const WaitStep = v.strictObject({
  type: v.literal("wait"),
  ...COMMON,
  for: v.optional(
    v.union(
      [
        v.pipe(v.string(), v.check(isDurationOrTemplate, noDuration)),
        v.pipe(v.number(), v.minValue(0), v.maxValue(LONGEST_MS / 1000)),
      ],
      DURATION_FORM,
    ),
  ),
  until: v.optional(text),
  event: v.optional(
    v.strictObject({
      key: text,
      timeout: v.optional(v.strictObject({ after: Duration, value: v.optional(v.unknown()) })),
    }),
  ),
});

const RouteStep = v.strictObject({
  type: v.literal("route"),
  ...COMMON,
  prompt: text,
  routes: v.pipe(v.record(Id, text), v.minEntries(2, "needs two routes or more")),
  model: v.optional(text),
});

/** Another workflow of the workspace, by its id or its name. */
const WorkflowStep = v.strictObject({
  type: v.literal("workflow"),
  ...COMMON,
  workflow: text,
  version: v.optional(whole(1, 1_000_000)),
  input: v.optional(JsonObject, {}),
});

const CodeStep = v.strictObject({
  type: v.literal("code"),
  ...COMMON,
  source: v.pipe(text, v.maxLength(100_000)),
  input: v.optional(v.unknown()),
});

const RespondStep = v.strictObject({
  type: v.literal("respond"),
  ...COMMON,
  status: v.optional(whole(200, 599), 200),
  headers: v.optional(v.record(v.string(), v.string()), {}),
  body: v.optional(v.unknown()),
});

const ToolStep = v.strictObject({
  type: v.literal("tool"),
  ...COMMON,
  tool: text,
  input: v.optional(JsonObject, {}),
  toolPolicy: v.optional(ToolPolicy),
});

const PLAIN_STEPS = [
  LlmStep,
  AgentStep,
  SearchStep,
  ApprovalStep,
  SetStep,
  HttpStep,
  WaitStep,
  ToolStep,
  RouteStep,
  WorkflowStep,
  CodeStep,
  RespondStep,
] as const;
const PLAIN_TYPES = PLAIN_STEPS.map((step) => step.entries.type.literal);
const PlainStep = v.variant("type", PLAIN_STEPS, `type must be one of ${PLAIN_TYPES.join(", ")}`);

/** When several steps lead to one: once, when all have arrived; once, when all that were taken have; or once for each arrival. */
const JOINS = ["all", "active", "each"] as const;

const From = v.union([Id, v.pipe(v.array(Id), v.minLength(2, "a join needs two steps or more"))]);
const Edge = v.union(
  [
    v.strictObject({ from: From, to: Id, join: v.optional(v.picklist(JOINS)) }),
    v.strictObject({
      from: Id,
      when: v.pipe(
        v.array(v.strictObject({ if: text, to: Id, max: v.optional(whole(1, 10_000)) })),
        v.minLength(1),
      ),
      else: v.optional(Id, "end"),
    }),
  ],
  "must be {from, to, join} or {from, when: [{if, to, max}], else}",
);

/** What is done for each item of a map. It has no map of its own: a workflow step can have one. */
const Body = v.strictObject({
  steps: v.pipe(v.record(Id, PlainStep), v.minEntries(1, "needs a step")),
  edges: v.array(Edge),
  output: v.optional(v.unknown()),
});

const MapStep = v.strictObject({
  type: v.literal("map"),
  ...COMMON,
  items: v.union(
    [text, v.array(v.unknown())],
    "must be a list, or a text with one expression that gives a list",
  ),
  parallel: v.optional(whole(1, 1000), 20),
  onItemError: v.optional(v.picklist(["fail", "skip", "collect"]), "fail"),
  do: v.union([PlainStep, Body], "must be a step, or {steps, edges, output}"),
});

const STEP_TYPES = [...PLAIN_TYPES, "map"];
const Step = v.variant("type", [...PLAIN_STEPS, MapStep], `type must be one of ${STEP_TYPES.join(", ")}`);

const Channel = v.strictObject({
  reduce: v.optional(v.picklist(["replace", "append", "merge"]), "replace"),
  default: v.optional(v.unknown()),
});

/** What a run may take and use. At a limit of tokens or cost it fails, or asks a person. */
const Limits = v.strictObject({
  timeout: v.optional(Duration),
  maxSteps: v.optional(whole(1, 1_000_000)),
  maxTokens: v.optional(whole(1, 1_000_000_000)),
  maxCostUsd: v.optional(v.pipe(v.number(), v.minValue(0))),
  onLimit: v.optional(v.picklist(["fail", "ask"]), "fail"),
});
export type Limits = v.InferOutput<typeof Limits>;

const Point = { x: v.number(), y: v.number() };

/** How the canvas shows a definition. A run does not look at it. */
const CanvasLayout = v.strictObject({
  /** By the step's name; of a step inside a map, `map/step`. */
  positions: v.optional(v.record(v.string(), v.strictObject(Point))),
  notes: v.optional(v.record(Id, v.strictObject({ text: v.string(), ...Point }))),
});

const HEAD = {
  format: v.literal("cairn/v1", "must be cairn/v1"),
  name: v.pipe(v.string(), v.minLength(1, "must not be empty"), v.maxLength(120)),
  description: v.optional(v.string()),
  input: v.optional(JsonObject),
  limits: v.optional(Limits),
  /** What becomes of a write that a model asks for and no `toolPolicy` speaks of. Publishing writes `approve`; versions from before it have none and mean `auto`. */
  toolWrites: v.optional(v.picklist(["approve", "auto"])),
  ui: v.optional(CanvasLayout),
};

const Graph = v.strictObject({
  ...HEAD,
  kind: v.literal("graph"),
  state: v.optional(v.record(Id, Channel), {}),
  steps: v.pipe(v.record(Id, Step), v.minEntries(1, "needs a step")),
  edges: v.array(Edge),
  output: v.optional(v.record(v.string(), v.unknown())),
});

const Direct = v.strictObject({
  ...HEAD,
  kind: v.literal("direct"),
  prompt: text,
  instructions: v.optional(text),
  model: v.optional(text),
  tools: v.optional(v.array(text), []),
  toolPolicy: v.optional(ToolPolicy),
  outputSchema: v.optional(JsonObject),
});

const CrewAgent = v.strictObject({
  role: text,
  goal: text,
  backstory: v.optional(text),
  tools: v.optional(v.array(text), []),
  toolPolicy: v.optional(ToolPolicy),
  model: v.optional(text),
  memory: v.optional(v.boolean(), false),
  allowDelegation: v.optional(v.boolean(), false),
  maxIterations: v.optional(whole(1, 50), 25),
});

const CrewTask = v.strictObject({
  id: Id,
  description: text,
  expectedOutput: text,
  agent: v.optional(Id),
  context: v.optional(v.array(Id)),
  tools: v.optional(v.array(text)),
  outputSchema: v.optional(JsonObject),
  guardrail: v.optional(text),
  humanInput: v.optional(v.boolean(), false),
  async: v.optional(v.boolean(), false),
});

const Crew = v.strictObject({
  ...HEAD,
  kind: v.literal("crew"),
  agents: v.record(Id, CrewAgent),
  tasks: v.pipe(v.array(CrewTask), v.minLength(1, "a crew needs a task")),
  process: v.optional(v.picklist(["sequential", "hierarchical"]), "sequential"),
  manager: v.optional(v.union([Id, CrewAgent])),
  planning: v.optional(v.boolean(), false),
  memory: v.optional(v.boolean(), false),
});

export const Definition = v.variant("kind", [Direct, Crew, Graph], "kind must be direct, crew or graph");

export type Definition = v.InferOutput<typeof Definition>;
export type GraphDefinition = v.InferOutput<typeof Graph>;
export type CrewDefinition = v.InferOutput<typeof Crew>;
export type DirectDefinition = v.InferOutput<typeof Direct>;
export type Step = v.InferOutput<typeof Step>;
export type Edge = v.InferOutput<typeof Edge>;
export type Body = v.InferOutput<typeof Body>;
