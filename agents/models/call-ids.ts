import { createHash } from "node:crypto";
import type { ModelMessage } from "ai";

/** Mistral takes ids of exactly nine letters and digits; every other maker takes those too. */
const ID_LENGTH = 9;

/**
 * Returns the id of the n-th tool call of a turn. A provider's own ids are not used: some give the same ones in every turn,
 * some none at all. The same task gives the same ids at every try.
 */
export function ownCallId(taskId: string, place: number): string {
  const digest = createHash("sha256").update(`${taskId} ${place}`).digest("base64url");
  return digest.replaceAll(/[-_]/g, "").slice(0, ID_LENGTH);
}

/** Returns the messages of one turn with our ids in place of the provider's, call by call. */
export function withOwnCallIds(taskId: string, messages: readonly ModelMessage[]): ModelMessage[] {
  let place = 0;
  return messages.map((message) => {
    if (message.role !== "assistant" || !Array.isArray(message.content)) return message;
    const content = message.content.map((part) =>
      part.type === "tool-call" ? { ...part, toolCallId: ownCallId(taskId, place++) } : part,
    );
    return { ...message, content };
  });
}
