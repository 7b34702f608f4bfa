import { createHash } from "node:crypto";
import { type AnthropicBlock, blocksOf, type MessagesRequest } from "#/local/anthropic/request.ts";
import { readBase64 } from "#/local/makers/offline-model.ts";
import { isRecord } from "#/local/openai/chat.ts";

const IMAGE_TYPES = ["image/jpeg", "image/png", "image/gif", "image/webp"];
const LARGEST_IMAGE_BYTES = 5 * 1024 * 1024;

type Rule = (request: MessagesRequest) => string | undefined;

const RULES: readonly Rule[] = [
  refuseThinking,
  refuseTools,
  refuseFirst,
  refuseBlocks,
  refuseUnanswered,
  refuseUnthought,
  refuseSchema,
];

/** Says why Anthropic takes no such request although its fields are right, in its words; undefined where it does. */
export function findBrokenRule(request: MessagesRequest): string | undefined {
  for (const rule of RULES) {
    const refusal = rule(request);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

/** The signature of a thinking block. A thought that was changed has another. */
export const signThought = (thinking: string): string =>
  createHash("sha256").update(`offline ${thinking}`).digest("base64");

function refuseThinking({
  thinking,
  max_tokens: longest,
  temperature,
  tool_choice: choice,
}: MessagesRequest) {
  if (thinking?.type !== "enabled") return undefined;
  if (longest <= thinking.budget_tokens) return "`max_tokens` must be greater than `thinking.budget_tokens`.";
  if (temperature !== undefined && temperature !== 1)
    return "`temperature` may only be set to 1 when thinking is enabled.";
  return choice?.type === "any" || choice?.type === "tool"
    ? "Thinking may not be enabled when tool_choice forces tool use."
    : undefined;
}

function refuseTools({ tools = [], tool_choice: choice }: MessagesRequest) {
  const names = tools.map(({ name }) => name);
  if (new Set(names).size < names.length) return "tools: Tool names must be unique.";
  if (choice !== undefined && tools.length === 0)
    return "tool_choice: may only be specified while providing tools.";
  return choice?.type === "tool" && !names.includes(choice.name)
    ? `tool_choice: Tool '${choice.name}' not found in provided tools.`
    : undefined;
}

function refuseFirst({ messages }: MessagesRequest) {
  return messages[0]?.role === "user" ? undefined : 'messages: first message must use the "user" role';
}

function refuseBlocks({ messages }: MessagesRequest) {
  const refusals = messages.flatMap((message, place) =>
    blocksOf(message).map((block, at) => refuseBlock(block, `messages.${place}.content.${at}`)),
  );
  return refusals.find((refusal) => refusal !== undefined);
}

function refuseBlock(block: AnthropicBlock, at: string): string | undefined {
  if (block.type === "text" && block.text.trim() === "")
    return "messages: text content blocks must be non-empty";
  if (block.type === "thinking" && block.signature !== signThought(block.thinking))
    return `${at}: Invalid \`signature\` in \`thinking\` block`;
  if (block.type === "image") return refuseImage(block.source, `${at}.image.source.base64`);
  const data = block.type === "document" && block.source.type === "base64" ? block.source.data : "";
  return readBase64(data) === undefined
    ? `${at}.document.source.base64.data: Invalid base64 data`
    : undefined;
}

function refuseImage(source: { readonly media_type: string; readonly data: string }, at: string) {
  if (!IMAGE_TYPES.includes(source.media_type))
    return `${at}.media_type: Input should be ${IMAGE_TYPES.map((type) => `'${type}'`).join(", ")}`;
  const bytes = readBase64(source.data)?.length;
  if (bytes === undefined) return `${at}.data: Invalid base64 data`;
  return bytes > LARGEST_IMAGE_BYTES
    ? `${at}: image exceeds 5 MB maximum: ${bytes} bytes > ${LARGEST_IMAGE_BYTES} bytes`
    : undefined;
}

/** Each use of a tool is answered by the message that follows it, and nothing else is. */
function refuseUnanswered({ messages }: MessagesRequest) {
  for (const [place, message] of messages.entries()) {
    const before = place === 0 ? [] : idsIn(messages[place - 1], "tool_use");
    const answered = idsIn(message, "tool_result");
    const stray = answered.find((id) => !before.includes(id));
    if (stray !== undefined)
      return `messages.${place}.content.0: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${stray}. Each \`tool_result\` block must have a corresponding \`tool_use\` block in the previous message.`;
    const open = before.filter((id) => !answered.includes(id));
    if (open.length > 0)
      return `messages.${place - 1}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${open.join(", ")}. Each \`tool_use\` block must have a corresponding \`tool_result\` block in the next message.`;
  }
  return undefined;
}

function idsIn(message: MessagesRequest["messages"][number] | undefined, type: "tool_use" | "tool_result") {
  return (message ? blocksOf(message) : []).flatMap((block) => {
    if (block.type !== type) return [];
    return block.type === "tool_use" ? [block.id] : [block.tool_use_id];
  });
}

/** While a model thinks, a turn that used tools begins with what it thought before. */
function refuseUnthought({ thinking, messages }: MessagesRequest) {
  if (thinking?.type !== "enabled") return undefined;
  const place = messages.findLastIndex(({ role }) => role === "assistant");
  const blocks = place < 0 || place < messages.length - 2 ? [] : blocksOf(messages[place] ?? { content: "" });
  const [first] = blocks;
  if (first === undefined || !blocks.some(({ type }) => type === "tool_use")) return undefined;
  return first.type === "thinking" || first.type === "redacted_thinking"
    ? undefined
    : `messages.${place}.content.0.type: Expected \`thinking\` or \`redacted_thinking\`, but found \`${first.type}\`. When \`thinking\` is enabled, a final \`assistant\` message must start with a thinking block (preceeding the lastmost set of \`tool_use\` and \`tool_result\` blocks).`;
}

/** Keywords that Anthropic's structured outputs take, by its published list. */
const KEYWORDS = new Set(
  "$schema $id $ref $defs definitions type title description default enum const anyOf allOf properties required additionalProperties items minItems format".split(
    " ",
  ),
);
const MOST_OPTIONAL = 24;

function refuseSchema({ output_config: config }: MessagesRequest) {
  if (config?.format === undefined) return undefined;
  const counted = { optional: 0 };
  const refusal = refuseSchemaAt(config.format.schema, counted);
  if (refusal !== undefined) return `output_config.format.schema: ${refusal}`;
  return counted.optional > MOST_OPTIONAL
    ? `Schemas contains too many optional parameters (${counted.optional}), which would make grammar compilation inefficient. Reduce the number of optional parameters in your tool schemas (limit: ${MOST_OPTIONAL}).`
    : undefined;
}

function refuseSchemaAt(schema: unknown, counted: { optional: number }): string | undefined {
  if (!isRecord(schema)) return undefined;
  const { type, properties, required, additionalProperties } = schema;
  const unknown = Object.keys(schema).find((keyword) => !KEYWORDS.has(keyword));
  if (unknown !== undefined) return `For '${String(type)}' type, property '${unknown}' is not supported`;
  if ([type].flat().includes("object") && additionalProperties !== false)
    return "For 'object' type, 'additionalProperties' must be explicitly set to false";
  const names = isRecord(properties) ? Object.keys(properties) : [];
  counted.optional += names.filter((name) => !Array.isArray(required) || !required.includes(name)).length;
  return innerSchemas(schema)
    .map((inner) => refuseSchemaAt(inner, counted))
    .find((refusal) => refusal !== undefined);
}

function innerSchemas({ properties, $defs, definitions, items, anyOf, allOf }: Record<string, unknown>) {
  const named = [properties, $defs, definitions].flatMap((map) => (isRecord(map) ? Object.values(map) : []));
  return [...named, ...[items, anyOf, allOf].flat()];
}
