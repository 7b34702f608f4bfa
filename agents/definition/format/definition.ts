import * as v from "valibot";
import { CanvasLayout } from "#/agents/definition/format/canvas-layout.ts";
import { CREW_FIELDS } from "#/agents/definition/format/crew.ts";
import { Edge } from "#/agents/definition/format/edge.ts";
import {
  Duration,
  FileList,
  Id,
  JsonRecord,
  MODEL_FIELDS,
  Text,
  ToolList,
  ToolPins,
  ToolPolicy,
  whole,
} from "#/agents/definition/format/fields.ts";
import { Step } from "#/agents/steps/table.ts";

const Channel = v.strictObject({
  reduce: v.optional(v.picklist(["replace", "append", "merge"]), "replace"),
  default: v.optional(v.unknown()),
});

/** The limits of what a run may take and use. At a limit of tokens or cost it asks a person, or fails. */
const Limits = v.strictObject({
  timeout: v.optional(Duration),
  maxSteps: v.optional(whole(1, 1_000_000)),
  maxTokens: v.optional(whole(1, 1_000_000_000)),
  maxCostUsd: v.optional(v.pipe(v.number(), v.minValue(0))),
  onLimit: v.optional(v.picklist(["ask", "fail"]), "ask"),
  /** A question about a limit that nobody has answered for so long stops the run. */
  askTimeout: v.optional(Duration),
});
export type Limits = v.InferOutput<typeof Limits>;

/** The mark of a workflow that callers outside may call by itself, and what they read of it. Its arguments are the workflow's input. */
const ToolMark = v.strictObject({
  description: v.pipe(Text, v.maxLength(1_000, "must have 1,000 characters at most")),
});

const HEAD = {
  format: v.literal("cairn/v1", "must be cairn/v1"),
  name: v.pipe(v.string(), v.minLength(1, "must not be empty"), v.maxLength(120)),
  description: v.optional(v.string()),
  input: v.optional(JsonRecord),
  limits: v.optional(Limits),
  /** Makes the workflow a tool once it is published: for MCP clients, and for agents of other workflows. */
  tool: v.optional(ToolMark),
  /** The rule for a write that a model asks for and no `toolPolicy` speaks of. Publishing writes `approve`; versions from before it have none and mean `auto`. */
  toolWrites: v.optional(v.picklist(["approve", "auto"])),
  ui: v.optional(CanvasLayout),
  /** The tools that it names, as they were when it was published. Publishing writes it; versions from before it have none, and their tools are not compared. */
  toolPins: v.optional(ToolPins),
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
  prompt: Text,
  instructions: v.optional(Text),
  files: FileList,
  ...MODEL_FIELDS,
  tools: v.optional(ToolList, []),
  toolPolicy: v.optional(ToolPolicy),
  outputSchema: v.optional(JsonRecord),
});

const Crew = v.strictObject({
  ...HEAD,
  kind: v.literal("crew"),
  ...CREW_FIELDS,
});

/** cairn/v1: the one shape behind the canvas, files, the API and the builder. Unknown keys are errors. */
export const Definition = v.variant("kind", [Direct, Crew, Graph], "kind must be direct, crew or graph");

export type Definition = v.InferOutput<typeof Definition>;
export type GraphDefinition = v.InferOutput<typeof Graph>;
export type DirectDefinition = v.InferOutput<typeof Direct>;
