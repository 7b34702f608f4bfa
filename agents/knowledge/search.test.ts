import { describe, expect, test } from "vitest";
import { InvalidFilter, searchPassages, type SearchPorts } from "#/agents/knowledge/search.ts";

const { signal } = new AbortController();
const metadata = { document: "a.md", documentId: "d", position: 1, text: "Text." };

async function search(
  found: Awaited<ReturnType<SearchPorts["query"]>>,
  filter?: Readonly<Record<string, unknown>>,
) {
  const queries: unknown[] = [];
  const ports: SearchPorts = {
    embed: async () => [[1, 0]],
    query: async (query) => {
      queries.push(query);
      return found;
    },
  };
  return { passages: await searchPassages(ports, { query: "q", topK: 3, filter }, signal), queries };
}

describe("search", () => {
  test("gives passages with what a citation needs", async () => {
    const { passages } = await search([
      { id: "d#1", score: 0.5, metadata: { ...metadata, source: "wiki" } },
      { id: "d#2", score: 0.4, metadata: { ...metadata, position: 2 } },
    ]);
    expect(passages).toEqual([
      { id: "d#1", score: 0.5, ...metadata, source: "wiki" },
      { id: "d#2", score: 0.4, ...metadata, position: 2 },
    ]);
  });

  test("leaves out what shares nothing with the question, and records of somebody else", async () => {
    const { passages } = await search([
      { id: "d#1", score: 0.01, metadata },
      { id: "other", score: 0.9, metadata: { note: "not a passage" } },
    ]);
    expect(passages).toEqual([]);
  });

  test("filters by equality and by lists", async () => {
    const { queries } = await search([], { document: "a.md", source: ["wiki", "mail"] });
    expect(queries).toEqual([
      {
        values: [1, 0],
        topK: 3,
        filter: {
          documentId: { $exists: true },
          document: { $eq: "a.md" },
          source: { $in: ["wiki", "mail"] },
        },
      },
    ]);
  });

  test("never looks at what agents remember, which stands in the same namespace", async () => {
    for (const filter of [undefined, {}])
      expect((await search([], filter)).queries).toEqual([
        { values: [1, 0], topK: 3, filter: { documentId: { $exists: true } } },
      ]);
  });

  test.each([
    [{ author: "Ada" }],
    [{ document: { $exists: true } }],
    [{ source: [] }],
    [{ source: null }],
    [{ $or: [] }],
    [{ constructor: "x" }],
  ])("refuses the filter %j", async (filter) => {
    await expect(search([], filter)).rejects.toThrow(InvalidFilter);
  });
});
