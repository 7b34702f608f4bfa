import * as v from "valibot";
import { Text, whole } from "#/agents/definition/format/fields.ts";
import { MEMORY_SCOPES, type MemoryScope } from "#/agents/vocabulary/memory.ts";

/** The memory of an agent as a definition writes it: on, off, or how. */
export const Memory = v.union(
  [
    v.boolean(),
    v.strictObject({
      scope: v.optional(v.picklist(MEMORY_SCOPES), "workflow"),
      /** The person or the conversation that it is about. */
      key: v.optional(Text),
      /** The most facts that are told before a task. */
      recall: v.optional(whole(0, 50), 8),
      /** The most tokens of those. */
      tokens: v.optional(whole(50, 8000), 1000),
      /** Whether facts are written down after a task. */
      save: v.optional(v.boolean(), true),
      /** The model that writes them down; without it, the agent's own. */
      model: v.optional(Text),
    }),
  ],
  "must be true, false or {scope, key, recall, tokens, save, model}",
);
export type Memory = v.InferOutput<typeof Memory>;

/** The memory of an agent that has one. */
export interface MemoryUse {
  readonly scope: MemoryScope;
  readonly key?: string | undefined;
  readonly recall: number;
  readonly tokens: number;
  readonly save: boolean;
  readonly model?: string | undefined;
}

const PLAIN: MemoryUse = { scope: "workflow", recall: 8, tokens: 1000, save: true };

/** Reads how an agent remembers; undefined where it does not. */
export function readMemory(memory: Memory | undefined): MemoryUse | undefined {
  if (memory === undefined || memory === false) return undefined;
  return memory === true ? PLAIN : memory;
}

/** The model that writes down what is remembered, where a definition names one. */
export function listMemoryModels(memory: Memory | undefined): readonly string[] {
  const use = readMemory(memory);
  return use?.save && use.model !== undefined ? [use.model] : [];
}
