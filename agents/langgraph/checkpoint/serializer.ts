import { DeltaSnapshot, isDeltaSnapshot, type SerializerProtocol } from "@langchain/langgraph-checkpoint";
import type { Lost } from "#/agents/langgraph/checkpoint/store.ts";

const LOST: Lost = "lost";
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A value as it is stored. */
export type StoredValue = readonly [type: string, text: string];

/**
 * Strict JSON: nothing in a checkpoint is ever revived into a class. LangGraph's default serializer revives
 * `{lc: 1, type: "constructor"}` found in user data, and one such webhook payload makes a run unreadable for ever.
 */
export function toStored(value: unknown): StoredValue {
  return [typeOfStored(value), JSON.stringify(isDeltaSnapshot(value) ? value.value : (value ?? null))];
}

export function typeOfStored(value: unknown): "delta" | "json" {
  return isDeltaSnapshot(value) ? "delta" : "json";
}

/** The value of a stored text. @throws SyntaxError when it is not JSON; Error when it is not there */
export function fromStored(type: string, text: string): unknown {
  if (type === LOST) throw new Error("A value of this checkpoint is not stored whole.");
  const value: unknown = JSON.parse(text);
  return type === "delta" ? new DeltaSnapshot(value) : value;
}

/** The same in the form that LangGraph's base class asks for. */
export const strictJson: SerializerProtocol = {
  dumpsTyped: async (value) => {
    const [type, text] = toStored(value);
    return [type, encoder.encode(text)];
  },
  loadsTyped: async (type, data) => fromStored(type, typeof data === "string" ? data : decoder.decode(data)),
};
