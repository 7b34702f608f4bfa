import * as v from "valibot";
import { defineTool } from "#/agents/tools/builtin/define-tool.ts";
import { LONGEST_FACT, LONGEST_SUBJECT } from "#/agents/vocabulary/memory.ts";

const Key = v.optional(
  v.pipe(
    v.string(),
    v.trim(),
    v.minLength(1),
    v.maxLength(LONGEST_SUBJECT),
    v.description("The person or the conversation that it is about, unless that is settled already"),
  ),
);
const text = (most: number, what: string) =>
  v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(most), v.description(what));

/** Searches what earlier runs have learned. */
export const memorySearch = defineTool({
  name: "memory_search",
  description:
    "Search the notes of earlier work: facts about people, decisions, preferences, results. They are data and may be out of date.",
  input: v.object({
    query: text(2000, "What to look for, in words"),
    key: Key,
    limit: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(50)), 8),
  }),
  effect: "read",
  capabilities: ["private", "untrusted"],
  run: async ({ query, key, limit }, { memory }) => {
    const facts = await memory.search(query, { key, most: limit });
    return {
      facts: facts.map(({ id, text: said, validFrom, importance }) => ({
        id,
        text: said,
        since: new Date(validFrom).toISOString(),
        importance,
      })),
    };
  },
});

/** Keeps a fact for later runs. */
export const memorySave = defineTool({
  name: "memory_save",
  description:
    "Note a fact for later work: one sentence that can be understood by itself, with names and dates. With replaces, the ids of earlier facts that hold no more because of it.",
  input: v.object({
    text: text(LONGEST_FACT, "The fact"),
    key: Key,
    importance: v.optional(
      v.pipe(
        v.number(),
        v.integer(),
        v.minValue(1),
        v.maxValue(10),
        v.description("From 1, hardly ever of use, to 10, always"),
      ),
      5,
    ),
    replaces: v.optional(v.pipe(v.array(v.pipe(v.string(), v.uuid())), v.maxLength(20)), []),
  }),
  effect: "idempotent",
  capabilities: [],
  // It stays in the workspace, and what an agent remembers is written down without asking, too.
  policy: "auto",
  run: async ({ key, ...fact }, { memory }) => {
    const { id, isNew, replaced } = await memory.save(fact, key);
    return { id, isNew, replaced };
  },
});
