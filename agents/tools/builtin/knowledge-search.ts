import * as v from "valibot";
import { defineTool } from "#/agents/tools/builtin/define-tool.ts";
import type { Passage } from "#/agents/tools/tool.ts";

/** Searches the documents of the workspace. Every passage carries the citation a text should quote. */
export const knowledgeSearch = defineTool({
  name: "knowledge_search",
  description:
    "Search the workspace's documents for passages that answer a question. Quote a passage with its citation, for example [handbook.pdf#3].",
  input: v.object({
    query: v.pipe(
      v.string(),
      v.trim(),
      v.minLength(2),
      v.maxLength(500),
      v.description("What to look for, in words"),
    ),
    topK: v.optional(
      v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(20), v.description("How many passages")),
      5,
    ),
  }),
  effect: "read",
  capabilities: ["private"],
  run: async ({ query, topK }, { search }) => {
    const passages = await search(query, { topK });
    return { passages: passages.map(quotable) };
  },
});

/** Writes a passage's name in texts: `document#position`, in square brackets. */
function formatCitation({ document, position }: Pick<Passage, "document" | "position">): string {
  return `[${document}#${position}]`;
}

function quotable(passage: Passage) {
  const { document, documentId, position, text, score, source } = passage;
  return {
    citation: formatCitation(passage),
    document,
    documentId,
    position,
    text,
    score,
    ...(source === undefined ? {} : { source }),
  };
}
