import {
  type AnthropicBlock,
  type AnthropicMessage,
  blocksOf,
  type MessagesRequest,
} from "#/local/anthropic/request.ts";
import { readBase64 } from "#/local/makers/offline-model.ts";
import type { ChatMessage, ChatRequest } from "#/local/openai/chat.ts";
import { describeFile } from "#/local/openai/describe-file.ts";

/** A request in the form in which the offline model reads all of them. */
export function toChatRequest(request: MessagesRequest): ChatRequest {
  const { model, system, tools, tool_choice: choice, output_config: config } = request;
  const isAlone = choice !== undefined && choice.type !== "none" && choice.disable_parallel_tool_use === true;
  return {
    model,
    messages: [
      ...(system === undefined ? [] : [{ role: "system", content: system }]),
      ...request.messages.flatMap(toChatMessages),
    ],
    ...(tools && {
      tools: tools.map(({ name, description, input_schema: parameters }) => ({
        function: { name, parameters, ...(description !== undefined && { description }) },
      })),
    }),
    ...(choice && { tool_choice: toChatChoice(choice) }),
    ...(isAlone && { parallel_tool_calls: false }),
    ...(config?.format && {
      response_format: { type: "json_schema", json_schema: { schema: config.format.schema } },
    }),
  };
}

function toChatChoice(choice: NonNullable<MessagesRequest["tool_choice"]>): unknown {
  if (choice.type === "tool") return { type: "function", function: { name: choice.name } };
  return choice.type === "any" ? "required" : choice.type;
}

/** Results of tools are messages of their own there, before whatever else their message says. */
function toChatMessages(message: AnthropicMessage): readonly ChatMessage[] {
  const blocks = blocksOf(message);
  const results = blocks.filter((block) => block.type === "tool_result");
  const calls = blocks.filter((block) => block.type === "tool_use");
  const content = blocks
    .map(readBlock)
    .filter((text) => text !== "")
    .join("\n");
  return [
    ...results.map(({ content: result = "" }) => ({ role: "tool", content: readResult(result) })),
    ...(content === "" && calls.length === 0
      ? []
      : [
          {
            role: message.role,
            content,
            ...(calls.length > 0 && { tool_calls: calls.map(({ name }) => ({ function: { name } })) }),
          },
        ]),
  ];
}

const readResult = (content: string | readonly AnthropicBlock[]): string =>
  typeof content === "string" ? content : content.map(readBlock).join("\n");

function readBlock(block: AnthropicBlock): string {
  if (block.type === "text") return block.text;
  if (block.type !== "image" && block.type !== "document") return "";
  const { source } = block;
  const bytes =
    source.type === "text" ? Buffer.from(source.data) : (readBase64(source.data) ?? Buffer.alloc(0));
  const name = block.type === "document" ? (block.title ?? undefined) : undefined;
  return describeFile({ name, mediaType: source.media_type, bytes });
}
