import type { ModelMessage, ToolSet } from "ai";
import type { ModelPrice } from "#/agents/definition/check/model-prices.ts";
import type { CallFile, FileBytes } from "#/agents/models/call-file.ts";
import type { ModelChoice } from "#/agents/definition/format/fields.ts";
import type { Pace } from "#/agents/steps/task.ts";
import * as v from "valibot";
import { Messages, ToolCall } from "#/agents/steps/agent/conversation.ts";

export interface TurnRequest extends ModelChoice {
  readonly instructions: string | undefined;
  readonly messages: readonly ModelMessage[];
  readonly tools?: ToolSet | undefined;
  /** The files that messages refer to. */
  readonly files?: readonly CallFile[] | undefined;
  readonly outputSchema?: Readonly<Record<string, unknown>> | undefined;
  /** The pace that the asker keeps. */
  readonly pace?: Pace | undefined;
  /** Set where nobody would run a tool that the model asks for: it has to answer. */
  readonly mustAnswer?: boolean | undefined;
  /** Set where the asker counts what its calls cost against a limit of its own. */
  readonly mustBePriced?: boolean | undefined;
}

/** A request whose files have been read. */
export interface ReadRequest extends TurnRequest {
  readonly fileBytes: FileBytes;
}

/** A request at a known price; undefined where nobody knows it. */
export interface PricedRequest extends ReadRequest {
  readonly price: ModelPrice | undefined;
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
