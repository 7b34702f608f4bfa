import { isAnswerable } from "#/local/openai/answer.ts";
import { isRecord, type ChatRequest, type ChatTool, type ToolCall } from "#/local/openai/chat.ts";
import { expressionIn, urlIn } from "#/local/openai/extracts.ts";
import { splitSentences, listTerms, listTopicTerms } from "#/local/openai/language.ts";
import type { Prompt } from "#/local/openai/prompt.ts";
import { fillSchema, isExpressionField, isUrlField, type Filling } from "#/local/openai/schema-filling.ts";

const SEARCHES = /search|retriev|look.?up|knowledge|find/i;
const MOST_CALLS = 3;
/** The number of words of the question that a tool's description must share to be worth a call. */
const ENOUGH_WORDS = 2;

/** The tools to call next; none when it is time to answer. Each tool is used at most once for a question. */
export function chooseToolCalls(request: ChatRequest, prompt: Prompt): readonly ToolCall[] {
  const { tools = [], tool_choice: choice, parallel_tool_calls: parallel } = request;
  if (choice === "none") return [];
  const forced = forcedName(choice);
  const fresh = tools.filter((tool) => !prompt.called.has(tool.function.name));
  if (forced !== undefined)
    return fresh.filter((tool) => tool.function.name === forced).map((tool) => call(tool, prompt.question));
  const ifRequired = choice === "required" && prompt.called.size === 0 ? fresh[0] : undefined;
  const chosen =
    fresh.find((tool) => hasItsObject(tool, prompt)) ??
    fresh.find((tool) => isUseful(tool, prompt)) ??
    ifRequired;
  if (chosen === undefined) return [];
  const questions = parallel === false ? [prompt.question] : splitQuestion(chosen, prompt.question);
  return questions.map((question) => call(chosen, question));
}

function forcedName(choice: unknown): string | undefined {
  if (!isRecord(choice) || !isRecord(choice["function"])) return undefined;
  const { name } = choice["function"];
  return typeof name === "string" ? name : undefined;
}

/** Tools that work on an address or an expression are called when the question holds one. */
function hasItsObject(tool: ChatTool, { question }: Prompt): boolean {
  return (
    (takes(tool, "expression") && expressionIn(question) !== undefined) ||
    (takes(tool, "url") && urlIn(question) !== undefined)
  );
}

/** A search is, when the question is not answered yet; any other tool, when its description speaks of the question. */
function isUseful(tool: ChatTool, prompt: Prompt): boolean {
  if (takes(tool, "expression") || takes(tool, "url")) return false;
  if (SEARCHES.test(tool.function.name)) return prompt.question !== "" && !isAnswerable(prompt);
  const asked = new Set(listTopicTerms(prompt.question));
  const { name, description = "" } = tool.function;
  const words = new Set(
    listTerms(`${name.replace(/([a-z])([A-Z])/g, "$1 $2").replace(/[_-]/g, " ")} ${description}`),
  );
  return asked.intersection(words).size >= Math.min(ENOUGH_WORDS, asked.size) && asked.size > 0;
}

/** A prompt with several questions becomes several calls. */
function splitQuestion(tool: ChatTool, question: string): readonly string[] {
  const isCalculator = takes(tool, "expression");
  const sentences = isCalculator ? question.split(/\band\b|[,;?]\s/) : splitSentences(question);
  const parts = sentences.filter((part) =>
    isCalculator ? expressionIn(part) !== undefined : part.endsWith("?"),
  );
  return parts.length > 1 ? parts.slice(0, MOST_CALLS) : [question];
}

function call(tool: ChatTool, question: string): ToolCall {
  const filling: Filling = { question, evidence: [], answer: question };
  const values = fillSchema({ type: "object", ...tool.function.parameters }, filling);
  return { name: tool.function.name, arguments: isRecord(values) ? values : {} };
}

function takes(tool: ChatTool, what: "expression" | "url"): boolean {
  const isTaken = what === "url" ? isUrlField : isExpressionField;
  return Object.entries(readProperties(tool)).some(([name, schema]) => isTaken({ name, schema }));
}

function readProperties(tool: ChatTool): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
  const parameters: unknown = tool.function.parameters;
  const properties =
    isRecord(parameters) && isRecord(parameters["properties"]) ? parameters["properties"] : {};
  return Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [name, isRecord(schema) ? schema : {}]),
  );
}
