import * as v from "valibot";
import { answerToolProblems, agentLimitProblems } from "#/agents/definition/check/crew.ts";
import { guardrailProblems, listJudgeModels } from "#/agents/definition/check/guardrails.ts";
import {
  CHECK_FIELDS,
  ExampleMessages,
  RESULT_AS_ANSWER,
  AGENT_LIMIT_FIELDS,
  Until,
} from "#/agents/definition/format/crew.ts";
import {
  FileList,
  Id,
  JsonRecord,
  listModels,
  MAX_RPM,
  MODEL_FIELDS,
  STEP_FIELDS,
  Text,
  ToolList,
  ToolPolicy,
  whole,
} from "#/agents/definition/format/fields.ts";
import { listMemoryModels, Memory, readMemory } from "#/agents/definition/format/memory.ts";
import { listPlacedTools } from "#/agents/definition/plan/tool-list.ts";
import { defineStepType } from "#/agents/steps/step-type.ts";
import { INWARD } from "#/agents/vocabulary/capability.ts";

const schema = v.strictObject({
  type: v.literal("agent"),
  ...STEP_FIELDS,
  role: Text,
  goal: Text,
  backstory: v.optional(Text),
  prompt: v.optional(Text),
  files: FileList,
  tools: v.optional(ToolList, []),
  toolPolicy: v.optional(ToolPolicy),
  ...MODEL_FIELDS,
  outputSchema: v.optional(JsonRecord),
  maxIterations: v.optional(whole(1, 50), 10),
  ...AGENT_LIMIT_FIELDS,
  messages: v.optional(ExampleMessages),
  routes: v.optional(v.pipe(v.record(Id, Text), v.minEntries(2, "needs two routes or more"))),
  until: v.optional(Until),
  ...CHECK_FIELDS,
  resultAsAnswer: RESULT_AS_ANSWER,
  maxRpm: MAX_RPM,
  memory: v.optional(Memory),
});

const hasAny = (files: readonly string[] | undefined): boolean => (files?.length ?? 0) > 0;

export const agent = defineStepType({
  schema,
  filledIn: ["role", "goal", "backstory", "prompt", "files", "messages", "routes", "memory"],
  schemaIn: "outputSchema",
  check: (step, { path }) =>
    answerToolProblems(step, path).concat(
      agentLimitProblems(step, path),
      guardrailProblems(step.guardrail, `${path}/guardrail`),
    ),
  toolNames: ({ tools }) =>
    listPlacedTools(tools).map(({ place, name }) => ({ place: ["tools", ...place], name })),
  models: ({ guardrail, until, memory, ...step }) => [
    ...listModels(step),
    ...listJudgeModels(guardrail),
    ...(until?.judge === undefined ? [] : listModels(until)),
    ...listMemoryModels(memory),
  ],
  // What is remembered is the workspace's own, and was said by whoever wrote to the runs before.
  capabilities: ({ memory, files, messages = [] }) =>
    (readMemory(memory)?.recall ?? 0) > 0 || [files, ...messages.map((one) => one.files)].some(hasAny)
      ? INWARD
      : [],
  policy: { effect: () => "model", timeoutMs: 120_000, span: "several" },
});
