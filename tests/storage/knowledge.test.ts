import { randomUUID } from "node:crypto";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type * as Ingest from "#/operations/documents/ingest.ts";
import type * as Search from "#/operations/search/passages.ts";
import type * as Documents from "#/db/documents.ts";
import type * as Vectors from "#/lib/cloud/vectors.ts";
import { type Caller, openApi, type TestApi } from "#/tests/support/api.ts";
import { eventually } from "#/tests/support/eventually.ts";
import { minimalDocx, minimalPdf } from "#/tests/support/files.ts";

// Ingestion, search and removal as the product wires them: database, queue, vectors and models on their wires.
let api: TestApi;
let caller: Caller;
let ingest: typeof Ingest;
let searching: typeof Search;
let documents: typeof Documents;
let vectors: typeof Vectors;
beforeAll(async () => {
  api = await openApi({ knowledge: true });
  [ingest, searching, documents, vectors] = await Promise.all([
    import("#/operations/documents/ingest.ts"),
    import("#/operations/search/passages.ts"),
    import("#/db/documents.ts"),
    import("#/lib/cloud/vectors.ts"),
  ]);
  caller = await api.workspace();
  await vectors.ensureIndex(DIMENSIONS);
});
afterAll(() => api.stop());

const DIMENSIONS = 1024;
const bytes = (text: string) => new TextEncoder().encode(text);
async function add(name: string, content: Uint8Array, source?: string): Promise<string> {
  const id = randomUUID();
  await ingest.addDocument(caller.tenant, {
    id,
    name,
    bytes: content,
    source,
    by: { kind: "person", id: caller.userId },
  });
  return id;
}
const search = (query: string, filter?: Readonly<Record<string, unknown>>) =>
  searching.searchKnowledge(caller.tenant, { query, topK: 5, filter });
const settled = (id: string): Promise<Documents.Document> =>
  eventually(async () => {
    const document = await documents.getDocument(caller.tenant, id);
    return document && (document.status === "ready" || document.status === "failed") ? document : undefined;
  });

/** What the vector store has under these ids, whatever they are about. */
async function storedVectors(id: string): Promise<number> {
  const values = Array.from({ length: DIMENSIONS }, (_, slot) => (slot === 0 ? 1 : 0.001));
  return (
    await vectors.searchPassages(caller.workspaceId, { values, topK: 1000, filter: { documentId: id } })
  ).length;
}

async function asOwner(
  statement: string,
  parameters: readonly unknown[],
): Promise<readonly Record<string, unknown>[]> {
  const client = new Client({ connectionString: api.ownerUrl });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(statement, [...parameters])).rows;
  } finally {
    await client.end();
  }
}

const planVectorFault = (fault: object) =>
  fetch(`${process.env["PINECONE_CONTROLLER_HOST"]}/_faults`, {
    method: "POST",
    headers: { "api-key": "vectors" },
    body: JSON.stringify(fault),
  });

/** Sections, so that there are as many passages. */
const sections = (count: number) =>
  Array.from(
    { length: count },
    (_, index) => `# Boat ${index}\nBoat number ${index} carries ${index * 7} barrels.`,
  ).join("\n");

describe("knowledge", () => {
  test.each([
    [
      "plain.txt",
      bytes("The night train to Lisbon leaves at nine."),
      "When does the night train leave?",
      "text/plain",
    ],
    [
      "notes.md",
      bytes("# Garden\n\n## Watering\nTomatoes get water every second morning."),
      "How often do tomatoes get water?",
      "text/markdown",
    ],
    [
      "page.html",
      bytes("<h1>Museum</h1><p>The museum is closed on <b>Mondays</b>.</p>"),
      "On which days is the museum closed?",
      "text/html",
    ],
    [
      "report.pdf",
      minimalPdf("The bridge carries forty tonnes."),
      "How many tonnes does the bridge carry?",
      "application/pdf",
    ],
    [
      "letter.docx",
      minimalDocx("The landlord repairs the boiler in October."),
      "When does the landlord repair the boiler?",
      "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ],
    ["prices.csv", bytes("fruit;cents\nquince;310\nmedlar;275\n"), "How many cents is a quince?", "text/csv"],
  ])(
    "of %s is found by a question and cited by document and position",
    async (name, content, question, mediaType) => {
      const id = await add(name, content, "shelf");
      expect(await settled(id)).toMatchObject({
        status: "ready",
        passages: 1,
        embedded: 1,
        mediaType,
        error: null,
      });
      const [best] = await search(question);
      expect(best).toMatchObject({
        id: `${id}#1`,
        document: name,
        documentId: id,
        position: 1,
        source: "shelf",
      });
      expect(
        await search(question, { contentType: mediaType, documentId: [id, randomUUID()] }),
      ).toMatchObject([{ documentId: id }]);
      expect(await search(question, { source: ["attic", "cellar"] })).toEqual([]);
    },
  );

  test("of a large file is embedded in many steps of one run, and found from its first line to its last", async () => {
    const id = await add("fleet.md", bytes(sections(1990)));
    expect(await settled(id)).toMatchObject({ status: "ready", passages: 1990, embedded: 1990 });
    const [last] = await search("Boat number 1989 barrels", { documentId: id });
    expect(last).toMatchObject({
      position: 1990,
      text: "Boat 1989\nBoat number 1989 carries 13923 barrels.",
    });
    const runs = await asOwner("select status, step from agent_sessions where idempotency_key = $1", [
      `ingest-${id}`,
    ]);
    // One to read, 32 batches of 64.
    expect(runs).toMatchObject([{ status: "succeeded", step: expect.any(Number) }]);
    expect(Number(runs[0]?.["step"])).toBeGreaterThanOrEqual(32);
  });

  test("that was removed has neither rows nor vectors", async () => {
    const id = await add("gone.md", bytes(sections(3)));
    await settled(id);
    expect(await storedVectors(id)).toBe(3);
    expect(await ingest.removeDocument(caller.tenant, id)).toBe("removed");
    expect(await storedVectors(id)).toBe(0);
    expect(await asOwner("select id from vector_metadata where document_id = $1", [id])).toEqual([]);
    expect(await ingest.removeDocument(caller.tenant, id)).toBe("not-found");
  });

  test("stays when the vector store refuses, and can be removed again", async () => {
    const id = await add("stays.md", bytes(sections(2)));
    await settled(id);
    await planVectorFault({ path: "/delete", status: 400 });
    await expect(ingest.removeDocument(caller.tenant, id)).rejects.toThrow("planned fault");
    expect(await documents.getDocument(caller.tenant, id)).toMatchObject({ status: "ready" });
    expect(await ingest.removeDocument(caller.tenant, id)).toBe("removed");
    expect(await storedVectors(id)).toBe(0);
  });

  test("that is removed while it is being read leaves no vector behind, and its run ends", async () => {
    const id = await add("unwanted.md", bytes(sections(1000)));
    await eventually(async () =>
      (await documents.getDocument(caller.tenant, id))?.embedded ? true : undefined,
    );
    expect(await ingest.removeDocument(caller.tenant, id)).toBe("removed");
    await eventually(async () => {
      const [run] = await asOwner("select status from agent_sessions where idempotency_key = $1", [
        `ingest-${id}`,
      ]);
      return run?.["status"] === "succeeded" ? true : undefined;
    });
    expect(await storedVectors(id)).toBe(0);
  });

  test("whose run ended without a word is shown as failed", async () => {
    const id = randomUUID();
    await asOwner(
      "insert into documents (workspace_id, id, name, media_type, size_bytes, hash, status, content) values ($1, $2, 'killer.pdf', 'application/pdf', 1, '', 'reading', '')",
      [caller.workspaceId, id],
    );
    await asOwner(
      "insert into agent_sessions (workspace_id, id, agent_type, status, idempotency_key, error, finished_at) values ($1, $2, 'ingest', 'failed', $3, $4, now())",
      [
        caller.workspaceId,
        randomUUID(),
        `ingest-${id}`,
        JSON.stringify({ code: "crashed", message: "The step ended its process three times." }),
      ],
    );
    expect(await settled(id)).toMatchObject({
      status: "failed",
      error: expect.stringContaining("three times") as string,
    });
    expect(
      (await documents.listDocuments(caller.tenant, { limit: 10, status: "failed" })).items,
    ).toMatchObject([{ id }]);
    expect((await documents.listDocuments(caller.tenant, { limit: 50, status: "reading" })).items).toEqual(
      [],
    );
  });

  test("survives names and texts that the database would refuse", async () => {
    const id = await add(
      "nul\u0000.txt",
      bytes(`${"Gulls. ".repeat(700)}\n\nThe lighthouse\u0000 keeper has a parrot 😀.`),
      "sou\u0000rce",
    );
    expect(await settled(id)).toMatchObject({ status: "ready", name: "nul .txt" });
    expect(await search("Who has a parrot in the lighthouse?", { documentId: id })).toMatchObject([
      { text: expect.stringContaining("The lighthouse  keeper has a parrot 😀.") as string },
    ]);
  });
});
