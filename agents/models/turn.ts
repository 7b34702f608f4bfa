import type { ModelMessage, ToolSet } from "ai";
import * as v from "valibot";
import { Messages, ToolCall } from "#/agents/steps/agent/conversation.ts";

export interface TurnRequest {
  readonly model: string | undefined;
  readonly instructions: string | undefined;
  readonly messages: readonly ModelMessage[];
  readonly tools?: ToolSet | undefined;
  readonly outputSchema?: Readonly<Record<string, unknown>> | undefined;
  readonly temperature?: number | undefined;
  readonly maxOutputTokens?: number | undefined;
  /** Set where nobody would run a tool that the model asks for: it has to answer. */
  readonly mustAnswer?: boolean | undefined;
}

export const Turn = v.object({
  text: v.string(),
  messages: Messages,
  calls: v.array(ToolCall),
  use: v.object({
    model: v.string(),
    inputTokens: v.number(),
    outputTokens: v.number(),
    costUsd: v.number(),
  }),
});

/** One answer of a model, as plain JSON: it is journaled as it is. */
export type Turn = Readonly<v.InferOutput<typeof Turn>>;
