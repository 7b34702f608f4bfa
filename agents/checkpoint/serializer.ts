import { DeltaSnapshot, isDeltaSnapshot, type SerializerProtocol } from "@langchain/langgraph-checkpoint";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * Strict JSON: nothing in a checkpoint is ever revived into a class. LangGraph's default serializer revives
 * `{lc: 1, type: "constructor"}` found in user data, and one such webhook payload makes a run unreadable for ever.
 */
export const strictJson: SerializerProtocol = {
  dumpsTyped: async (value) =>
    isDeltaSnapshot(value)
      ? ["delta", encoder.encode(JSON.stringify(value.value))]
      : ["json", encoder.encode(JSON.stringify(value === undefined ? null : value))],
  loadsTyped: async (type, data) => {
    const value: unknown = JSON.parse(typeof data === "string" ? data : decoder.decode(data));
    return type === "delta" ? new DeltaSnapshot(value) : value;
  },
};
