import * as v from "valibot";

// The parts of a request to /v1/messages that the offline model knows. Anything else is refused, as an unknown field is by Anthropic.

const CacheControl = v.strictObject({
  type: v.literal("ephemeral"),
  ttl: v.optional(v.picklist(["5m", "1h"])),
});
const cacheable = { cache_control: v.optional(CacheControl) };

const Text = v.strictObject({ type: v.literal("text"), text: v.string(), ...cacheable });
const Image = v.strictObject({
  type: v.literal("image"),
  source: v.strictObject({ type: v.literal("base64"), media_type: v.string(), data: v.string() }),
  ...cacheable,
});
const Document = v.strictObject({
  type: v.literal("document"),
  source: v.variant("type", [
    v.strictObject({
      type: v.literal("base64"),
      media_type: v.literal("application/pdf"),
      data: v.string(),
    }),
    v.strictObject({ type: v.literal("text"), media_type: v.literal("text/plain"), data: v.string() }),
  ]),
  title: v.optional(v.nullable(v.string())),
  context: v.optional(v.nullable(v.string())),
  ...cacheable,
});
const Thinking = v.strictObject({ type: v.literal("thinking"), thinking: v.string(), signature: v.string() });
const RedactedThinking = v.strictObject({ type: v.literal("redacted_thinking"), data: v.string() });
const ToolUse = v.strictObject({
  type: v.literal("tool_use"),
  id: v.pipe(v.string(), v.regex(/^[a-zA-Z0-9_-]+$/, "String should match pattern '^[a-zA-Z0-9_-]+$'")),
  name: v.string(),
  input: v.record(v.string(), v.unknown(), "Input should be a valid dictionary"),
  ...cacheable,
});
const ToolResult = v.strictObject({
  type: v.literal("tool_result"),
  tool_use_id: v.string(),
  content: v.optional(v.union([v.string(), v.array(v.variant("type", [Text, Image, Document]))])),
  is_error: v.optional(v.boolean()),
  ...cacheable,
});

const Block = v.variant("type", [Text, Image, Document, Thinking, RedactedThinking, ToolUse, ToolResult]);
const Message = v.strictObject({
  role: v.picklist(["user", "assistant"]),
  content: v.union([v.string(), v.array(Block)]),
});

const Tool = v.strictObject({
  type: v.optional(v.literal("custom")),
  name: v.pipe(
    v.string(),
    v.regex(/^[a-zA-Z0-9_-]{1,128}$/, "String should match pattern '^[a-zA-Z0-9_-]{1,128}$'"),
  ),
  description: v.optional(v.string()),
  input_schema: v.looseObject({ type: v.literal("object") }),
  strict: v.optional(v.boolean()),
  eager_input_streaming: v.optional(v.boolean()),
  ...cacheable,
});

const alone = { disable_parallel_tool_use: v.optional(v.boolean()) };
const ToolChoice = v.variant("type", [
  v.strictObject({ type: v.literal("auto"), ...alone }),
  v.strictObject({ type: v.literal("any"), ...alone }),
  v.strictObject({ type: v.literal("tool"), name: v.string(), ...alone }),
  v.strictObject({ type: v.literal("none") }),
]);

const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));

export const MessagesRequest = v.strictObject({
  model: v.string(),
  max_tokens: v.pipe(v.number(), v.integer(), v.minValue(1, "Input should be greater than or equal to 1")),
  messages: v.pipe(v.array(Message), v.minLength(1, "at least one message is required")),
  system: v.optional(v.union([v.string(), v.array(Text)])),
  tools: v.optional(v.array(Tool)),
  tool_choice: v.optional(ToolChoice),
  stream: v.optional(v.boolean(), false),
  temperature: v.optional(share),
  top_p: v.optional(share),
  top_k: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
  stop_sequences: v.optional(v.array(v.string())),
  metadata: v.optional(v.strictObject({ user_id: v.optional(v.nullable(v.string())) })),
  thinking: v.optional(
    v.variant("type", [
      v.strictObject({
        type: v.literal("enabled"),
        budget_tokens: v.pipe(v.number(), v.minValue(1024, "Input should be greater than or equal to 1024")),
      }),
      v.strictObject({ type: v.literal("adaptive"), display: v.optional(v.string()) }),
      v.strictObject({ type: v.literal("disabled") }),
    ]),
  ),
  output_config: v.optional(
    v.strictObject({
      effort: v.optional(v.picklist(["low", "medium", "high", "xhigh", "max"])),
      format: v.optional(
        v.strictObject({ type: v.literal("json_schema"), schema: v.record(v.string(), v.unknown()) }),
      ),
    }),
  ),
});

export type MessagesRequest = v.InferOutput<typeof MessagesRequest>;
export type AnthropicBlock = v.InferOutput<typeof Block>;
export type AnthropicMessage = v.InferOutput<typeof Message>;

/** The blocks of a message; a text is one. */
export const blocksOf = ({ content }: Pick<AnthropicMessage, "content">): readonly AnthropicBlock[] =>
  typeof content === "string" ? [{ type: "text", text: content }] : content;
