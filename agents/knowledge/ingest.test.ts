import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { embedBatch, readPassages } from "#/agents/knowledge/ingest.ts";
import type { IngestPorts } from "#/agents/knowledge/knowledge-ports.ts";

interface Stored {
  readonly id: string;
  readonly position: number;
  readonly text: string;
  embedded: boolean;
}

/** A world of one document in memory. `change` bends single parts of it. */
function makeWorld(
  file: { readonly name: string; readonly text: string } | undefined,
  change: Partial<IngestPorts> = {},
) {
  let passages: Stored[] = [];
  const vectors = new Map<string, { readonly metadata: Readonly<Record<string, string | number>> }>();
  const statuses: string[] = [];
  const ports: IngestPorts = {
    document: async () => file && { name: file.name, mediaType: "text/plain", source: null },
    content: async () => file && new TextEncoder().encode(file.text),
    savePassages: async (_document, given) => {
      passages = given.map((passage) => ({
        ...passage,
        embedded: passages.some((old) => old.id === passage.id && old.text === passage.text && old.embedded),
      }));
    },
    nextUnembedded: async (_id, count) => passages.filter((passage) => !passage.embedded).slice(0, count),
    embed: async (texts) => texts.map((text) => [text.length, 1]),
    storeVectors: async (given) => given.forEach((vector) => vectors.set(vector.id, vector)),
    forgetVectors: async (ids) => ids.forEach((id) => vectors.delete(id)),
    markEmbedded: async (_id, ids) => {
      const marked = passages.filter((passage) => ids.includes(passage.id));
      for (const passage of marked) passage.embedded = true;
      return marked.map((passage) => passage.id);
    },
    setStatus: async (_id, status, said) =>
      void statuses.push([status, said?.error ?? said?.note].filter(Boolean).join(": ")),
    ...change,
  };
  return { ports, vectors, statuses, forgetRows: () => (passages = []) };
}

const { signal } = new AbortController();
const lines = (count: number) =>
  Array.from({ length: count }, (_, index) => `# Part ${index}\nText ${index}.`).join("\n");

async function embedAll(ports: IngestPorts): Promise<number[]> {
  const sizes: number[] = [];
  for (let more = true; more;) {
    const outcome = await embedBatch(ports, "d", signal);
    sizes.push(outcome.embedded);
    more = outcome.more;
  }
  return sizes;
}

describe("ingestion", () => {
  test("an image is there at once, with a note, and has no passages", async () => {
    const photo = { name: "a.png", mediaType: "image/png", source: null };
    const { ports, statuses } = makeWorld({ name: "a.png", text: "x" }, { document: async () => photo });
    expect(await readPassages(ports, "d")).toEqual({ passages: 0 });
    expect(await embedAll(ports)).toEqual([0]);
    expect(statuses).toEqual(["reading", expect.stringMatching(/^embedding: An image has no text/), "ready"]);
  });

  test("embeds batch after batch, and is ready when all are", async () => {
    const { ports, vectors, statuses } = makeWorld({ name: "a.md", text: lines(130) });
    expect(await readPassages(ports, "d")).toEqual({ passages: 130 });
    expect(await embedAll(ports)).toEqual([64, 64, 2]);
    expect(statuses).toEqual(["reading", "embedding", "ready"]);
    expect(vectors.size).toBe(130);
    expect(vectors.get("d#130")?.metadata).toEqual({
      document: "a.md",
      documentId: "d",
      contentType: "text/plain",
      position: 130,
      text: "Part 129\nText 129.",
    });
  });

  test("makes the same vectors when a step is repeated", async () => {
    const { ports, vectors } = makeWorld({ name: "a.md", text: lines(70) });
    await readPassages(ports, "d");
    const crashing = { ...ports, markEmbedded: () => Promise.reject(new Error("gone")) };
    await expect(embedBatch(crashing, "d", signal)).rejects.toThrow("gone");
    expect(await embedAll(ports)).toEqual([64, 6]);
    await readPassages(ports, "d");
    expect(await embedAll(ports)).toEqual([0]);
    expect(vectors.size).toBe(70);
  });

  test.each([
    ["of an unknown kind", { name: "a.xyz", text: "\u0000" }, /^failed: By its bytes.*\.docx/],
    ["that is empty", { name: "a.txt", text: " " }, /^failed: The document has no text/],
    [
      "with too many passages",
      { name: "a.md", text: "# h\nx\n".repeat(20_001) },
      /^failed: The document makes 20,001 passages/,
    ],
  ])("of a file %s ends with the reason, not with an error", async (_what, file, reason) => {
    const { ports, statuses } = makeWorld(file);
    expect(await readPassages(ports, "d")).toEqual({
      passages: 0,
      failed: statuses.at(-1)?.replace("failed: ", ""),
    });
    expect(statuses.at(-1)).toMatch(reason);
  });

  test("of a file that is read in part says what is missing", async () => {
    const { ports, statuses } = makeWorld({
      name: "a.pdf",
      text: readFileSync("tests/fixtures/documents/mixed.pdf", "latin1"),
    });
    expect(await readPassages(ports, "d")).toEqual({ passages: 1 });
    expect(statuses.at(-1)).toBe(
      "embedding: Page 2 of 3 has no text and was not read. Scanned pages need text recognition first.",
    );
  });

  test("of a deleted document ends", async () => {
    const { ports, statuses } = makeWorld(undefined);
    expect(await readPassages(ports, "d")).toMatchObject({
      passages: 0,
      failed: expect.any(String) as string,
    });
    expect(await embedBatch(ports, "d", signal)).toEqual({ embedded: 0, more: false });
    expect(statuses).toEqual([]);
  });

  test("leaves no vector of a document that is deleted while its batch is stored", async () => {
    const world = makeWorld({ name: "a.md", text: lines(5) });
    await readPassages(world.ports, "d");
    const storeVectors: IngestPorts["storeVectors"] = async (vectors) => {
      await world.ports.storeVectors(vectors);
      world.forgetRows();
    };
    await embedBatch({ ...world.ports, storeVectors }, "d", signal);
    expect(world.vectors.size).toBe(0);
  });

  test("stops at a model that answers with another number of vectors", async () => {
    const { ports, vectors } = makeWorld({ name: "a.md", text: lines(3) }, { embed: async () => [[1]] });
    await readPassages(ports, "d");
    await expect(embedBatch(ports, "d", signal)).rejects.toThrow("1 vectors for 3 texts");
    expect(vectors.size).toBe(0);
  });
});
