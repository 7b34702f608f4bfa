import { answer, gist } from "#/local/openai/answer.ts";
import { isRecord, type ChatReply, type ChatRequest } from "#/local/openai/chat.ts";
import { readPrompt, type Prompt } from "#/local/openai/prompt.ts";
import { fillSchema } from "#/local/openai/schema-filling.ts";
import { chooseToolCalls } from "#/local/openai/tool-choice.ts";

/**
 * A deterministic stand-in for a language model. It never writes facts: it calls the offered tools and quotes sentences
 * that are already in the conversation, with their citations. 2–4 ms for an answer.
 */
export function reply(request: ChatRequest): ChatReply {
  const prompt = readPrompt(request);
  const toolCalls = chooseToolCalls(request, prompt);
  if (toolCalls.length > 0) return { toolCalls };
  return { content: inFormat(request.response_format, prompt) };
}

function inFormat(format: ChatRequest["response_format"], prompt: Prompt): string {
  if (format === undefined || format.type === "text") return answer(prompt);
  const schema = isRecord(format.json_schema) ? format.json_schema["schema"] : undefined;
  if (schema === undefined) return JSON.stringify({ answer: answer(prompt) });
  return JSON.stringify(
    fillSchema(schema, { question: prompt.question, evidence: prompt.evidence, answer: gist(prompt) }),
  );
}
