import { type JSONValue, jsonSchema, type ModelMessage, tool, type ToolSet } from "ai";
import type { AgentLimit } from "#/agents/definition/format/crew.ts";
import type { ModelChoice } from "#/agents/definition/format/fields.ts";
import { RETRY_DEFAULTS } from "#/agents/engine/failure.ts";
import type { ToolCall } from "#/agents/steps/agent/conversation.ts";
import type { ToldFact } from "#/agents/steps/agent/entries.ts";
import { describeFacts } from "#/agents/steps/agent/told-facts.ts";
import { type Example, openConversation } from "#/agents/steps/agent/opening.ts";
import { type Coworker, declareDelegation } from "#/agents/steps/agent/delegation.ts";
import { parseAnswer, modelTurn } from "#/agents/models/model-turn.ts";
import { isParking } from "#/agents/steps/parking.ts";
import { noSecrets } from "#/agents/steps/secrets.ts";
import { toStepError } from "#/agents/steps/step-error.ts";
import { type AgentTools, approvedInput, offeredTools, decideRule } from "#/agents/steps/tool/approval.ts";
import { callTool } from "#/agents/steps/tool/call.ts";
import { makeInnerTools } from "#/agents/steps/tool/inner-calls.ts";
import type { Pace, Task } from "#/agents/steps/task.ts";
import { cutResult } from "#/agents/tools/result-limit.ts";
import { makeDeclaredSchema } from "#/agents/tools/input-schema.ts";
import type { InnerTools, Tool } from "#/agents/tools/tool.ts";
import type { Turn } from "#/agents/models/turn.ts";

/** An agent with its texts already rendered. */
export interface AgentBrief {
  readonly instructions: string;
  readonly prompt: string;
  readonly tools: AgentTools;
  readonly choice: ModelChoice;
  readonly outputSchema?: Readonly<Record<string, unknown>> | undefined;
  readonly maxIterations: number;
  readonly atLimit: AgentLimit;
  /** Said before the question: examples of questions and good answers. */
  readonly examples: readonly Example[];
  /** The files of the question, as they were written. */
  readonly files: readonly string[];
  /** Whom it may give work to. */
  readonly coworkers: readonly Coworker[];
  readonly pace: Pace | undefined;
  /** What it spends counts against a limit of its own. */
  readonly mustBePriced: boolean;
}

export interface AgentTurn {
  readonly turn: Turn;
  /** The messages that are added to the conversation; an answer only as its text. */
  readonly added: readonly ModelMessage[];
  /** Set when the agent is done. */
  readonly answer?: { readonly value: unknown };
}

/** The messages so far, the number of the model's answers among them, and what the agent remembers. */
interface Said {
  readonly messages: readonly ModelMessage[];
  readonly turns: number;
  /** What is remembered; it stands before everything else and belongs to no message. */
  readonly facts: readonly ToldFact[];
}

const FORCE_FINAL =
  "You have reached the step limit. Stop using tools and give your best complete final answer now.";

/** One turn of the tool loop: one model call. The tools it asks for run in the next superstep, each as a task of its own. */
export async function agentTurn(
  task: Task,
  brief: AgentBrief,
  { messages, turns, facts }: Said,
): Promise<AgentTurn> {
  const memory: ModelMessage[] = facts.length === 0 ? [] : [{ role: "user", content: describeFacts(facts) }];
  const opening: ModelMessage[] = messages.length === 0 ? [{ role: "user", content: brief.prompt }] : [];
  // Where the definition says what becomes of it at the limit, it is not here beyond it.
  const isLast = brief.atLimit.onLimit === undefined && turns >= brief.maxIterations;
  const closing: ModelMessage[] = isLast ? [{ role: "user", content: FORCE_FINAL }] : [];
  const before = await openConversation(task, brief);
  const turn = await modelTurn(task, {
    ...brief.choice,
    pace: brief.pace,
    mustBePriced: brief.mustBePriced,
    instructions: brief.instructions,
    messages: [...before.messages, ...memory, ...messages, ...opening, ...closing],
    files: before.files,
    tools: isLast ? undefined : await toolsFor(task, brief),
    outputSchema: brief.outputSchema,
    mustAnswer: isLast,
  });
  if (turn.calls.length > 0 && !isLast) return { turn, added: [...opening, ...closing, ...turn.messages] };
  const said: ModelMessage = { role: "assistant", content: turn.text };
  const value = parseAnswer(turn.text, brief.outputSchema);
  return { turn, added: [...opening, ...closing, said], answer: { value } };
}

async function toolsFor(task: Task, { tools, coworkers }: AgentBrief): Promise<ToolSet | undefined> {
  const offered = await offeredTools(task, tools);
  const declared = { ...declareTools(offered), ...declareDelegation(coworkers) };
  return Object.keys(declared).length === 0 ? undefined : declared;
}

/** Declared without `execute`: the loop is the graph's, so that every call is a checkpoint. */
function declareTools(tools: readonly Tool[]): ToolSet {
  return Object.fromEntries(
    tools.map((each) => [
      each.name,
      tool({ description: describeAmong(tools, each), inputSchema: jsonSchema(makeDeclaredSchema(each)) }),
    ]),
  );
}

function describeAmong(tools: readonly Tool[], declared: Tool): string {
  const others = tools.filter(({ name }) => name !== declared.name);
  return others.length > 0 && declared.describeAmong ? declared.describeAmong(others) : declared.description;
}

export interface ToolAnswer {
  readonly message: ModelMessage;
  readonly output: unknown;
  readonly failed: boolean;
}

/**
 * Runs one tool call. Only what was offered can be called, whatever a model, or a text that it has read, names. A failure is an answer
 * the model can work with; only what may pass by itself is retried first.
 */
export async function agentTool(task: Task, call: ToolCall, tools: AgentTools): Promise<ToolAnswer> {
  const called = tools.names.filter((name) => name === call.toolName);
  const [known] = await offeredTools(task, { ...tools, names: called });
  if (!known) return refusal(call, await notOffered(task, call, tools));
  const read = known.readInput(call.input);
  if (!read.ok) return refusal(call, `The input does not fit: ${read.misfits.join("; ")}`);
  try {
    const secrets = noSecrets(task);
    const approved = approvedInput(task, known, {
      input: read.input,
      shown: read.input,
      rule: decideRule(tools, known, read.input),
      reveal: secrets.reveal,
    });
    const others = await offerOthers(task, known, tools);
    const output = await callTool(task, known, { ...approved, secrets, others });
    return { message: resultMessage(call, shownResult(output, known.limits.bytes)), output, failed: false };
  } catch (error) {
    // A question to a person is no failure of the tool.
    if (isParking(error)) throw error;
    const failure = toStepError(error);
    const { attempts } = RETRY_DEFAULTS[known.decideEffect(read.input)];
    if (failure.retryable && task.attempt < attempts) throw failure;
    return failedCall(call, failure.message);
  }
}

/** Offers a tool that calls others what its agent was offered, never itself. */
async function offerOthers(task: Task, called: Tool, tools: AgentTools): Promise<InnerTools | undefined> {
  if (!called.describeAmong) return undefined;
  const names = tools.names.filter((name) => name !== called.name);
  const offered = await offeredTools(task, { ...tools, names });
  return offered.length > 0 ? makeInnerTools(task, { ...tools, names, offered }) : undefined;
}

async function notOffered(task: Task, { toolName }: ToolCall, tools: AgentTools): Promise<string> {
  const offered = (await offeredTools(task, tools)).map(({ name }) => name);
  const instead = offered.length > 0 ? `You may call: ${offered.join(", ")}.` : "You have no tools.";
  return `There is no tool named ${toolName} here. ${instead}`;
}

/** Returns what the model is told of a call that failed. */
export const failedCall = (call: ToolCall, message: string): ToolAnswer =>
  refusal(call, `The tool failed: ${message}`);

/** Writes what a repetition would read from the journal, as far as a model is given it. The log has the whole. */
function shownResult(output: unknown, mostBytes: number): ToolResultOutput {
  const json = JSON.stringify(output ?? null);
  const cut = cutResult(json, mostBytes);
  if (cut !== undefined) return { type: "text", value: cut };
  const value: JSONValue = JSON.parse(json);
  return { type: "json", value };
}

/** Answers a call with what is wrong with it. */
export function refusal(call: ToolCall, text: string): ToolAnswer {
  return {
    message: resultMessage(call, { type: "error-text", value: text }),
    output: { error: text },
    failed: true,
  };
}

type ToolResultOutput = Extract<
  Extract<ModelMessage, { role: "tool" }>["content"][number],
  { type: "tool-result" }
>["output"];

/** Answers a call. */
export function resultMessage(call: ToolCall, output: ToolResultOutput): ModelMessage {
  return {
    role: "tool",
    content: [{ type: "tool-result", toolCallId: call.toolCallId, toolName: call.toolName, output }],
  };
}
