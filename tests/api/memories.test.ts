import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { MemoryPort, MemoryPlace } from "#/agents/memory/memory-ports.ts";
import { MOST_FACTS } from "#/agents/vocabulary/memory.ts";
import { type Cursor, decodeCursor } from "#/lib/cursor.ts";
import type * as Memories from "#/operations/memories/open.ts";
import type * as Vectors from "#/lib/cloud/vectors.ts";
import { type Caller, openApi, type TestApi } from "#/tests/support/api.ts";
import { readRows } from "#/tests/support/owner.ts";

// Memory as the product wires it: database, vectors and embeddings on their wires.
let api: TestApi;
let caller: Caller;
let other: Caller;
let memories: typeof Memories;
let vectors: typeof Vectors;
const { signal } = new AbortController();
const place = (more: Partial<MemoryPlace> = {}): MemoryPlace => ({
  scope: "workspace",
  owner: "",
  subject: "",
  ...more,
});

beforeAll(async () => {
  api = await openApi({ knowledge: true });
  [memories, vectors] = await Promise.all([
    import("#/operations/memories/open.ts"),
    import("#/lib/cloud/vectors.ts"),
  ]);
  await vectors.ensureIndex(1024);
});
beforeEach(async () => {
  [caller, other] = [await api.workspace(), await api.workspace()];
});
afterAll(() => api.stop());

const open = ({ tenant }: Caller): MemoryPort => memories.openMemory(tenant);

async function save(who: Caller, text: string, more: Partial<MemoryPlace> = {}, replaces: string[] = []) {
  const facts = [{ text, importance: 5, replaces }];
  const [saved] = await open(who).save(place(more), { facts, runId: null, step: text }, signal);
  return saved?.id ?? "";
}
const recall = async (who: Caller, query: string, more: Partial<MemoryPlace> = {}) =>
  (await open(who).recall(place(more), { query, most: 10, tokens: 1000 }, signal)).map(({ text }) => text);
const list = async (who: Caller, query = "") =>
  ((await who.call("GET", `/api/v1/memories?${query}`)).body.items as { text: string }[]).map(
    ({ text }) => text,
  );

describe("what is remembered", () => {
  test("is listed, newest first, by scope, workflow, subject, words, and whether it still holds", async () => {
    const owner = "7e3d4f5a-0000-4000-8000-000000000001";
    const berlin = await save(caller, "Ada lives in Berlin", { subject: "ada" });
    await save(caller, "Ada lives in Bern", { subject: "ada" }, [berlin]);
    await save(caller, "Reports are short", { scope: "workflow", owner });
    await save(caller, "Bridges bore the reader", { scope: "agent", owner: `${owner}/writer` });
    expect(await list(caller)).toEqual([
      "Bridges bore the reader",
      "Reports are short",
      "Ada lives in Bern",
      "Ada lives in Berlin",
    ]);
    expect(await list(caller, "state=valid&subject=ada")).toEqual(["Ada lives in Bern"]);
    expect(await list(caller, "state=ended")).toEqual(["Ada lives in Berlin"]);
    expect(await list(caller, `workflow=${owner}`)).toEqual(["Bridges bore the reader", "Reports are short"]);
    expect(await list(caller, "scope=agent")).toEqual(["Bridges bore the reader"]);
    expect(await list(caller, "search=LIVES%20ada&limit=1")).toEqual(["Ada lives in Bern"]);
    expect((await caller.call("GET", `/api/v1/memories?scope=agent`)).body.items).toMatchObject([
      { workflowId: owner, agent: "writer", validUntil: null, sourceRunId: null },
    ]);
    expect((await caller.call("GET", `/api/v1/memories/${berlin}`)).body).toMatchObject({
      text: "Ada lives in Berlin",
      validUntil: expect.any(String),
      supersededBy: expect.any(String),
    });
  });

  test("is recalled by its new words once somebody has corrected it, and the change is on record", async () => {
    const id = await save(caller, "The office is on Elm Street");
    const changed = await caller.call("PATCH", `/api/v1/memories/${id}`, {
      body: { text: "Parcels go to the harbour depot", importance: 7 },
    });
    expect(changed).toMatchObject({ status: 200, body: { importance: 7 } });
    expect(await recall(caller, "Where do parcels go?")).toEqual(["Parcels go to the harbour depot"]);
    await save(caller, "The gate closes at noon");
    expect(
      await caller.call("PATCH", `/api/v1/memories/${id}`, { body: { text: "the GATE closes at noon" } }),
    ).toMatchObject({ status: 409, body: { code: "already-remembered" } });
    expect(await caller.call("PATCH", `/api/v1/memories/${id}`, { body: {} })).toMatchObject({ status: 422 });
    expect(
      await readRows(api.ownerUrl, "select action from audit_log where workspace_id = $1", [
        caller.workspaceId,
      ]),
    ).toContainEqual({ action: "memory.updated" });
  });

  test("is gone with its vector when it is deleted, and no longer recalled", async () => {
    const id = await save(caller, "Ada keeps bees");
    expect(await recall(caller, "Who keeps bees?")).toEqual(["Ada keeps bees"]);
    expect((await caller.call("DELETE", `/api/v1/memories/${id}`)).status).toBe(204);
    expect((await caller.call("DELETE", `/api/v1/memories/${id}`)).status).toBe(404);
    expect(await recall(caller, "Who keeps bees?")).toEqual([]);
    expect(await vectorsOf(caller)).toEqual([]);
  });

  test("of a person is forgotten everywhere at once, and nobody else's", async () => {
    await save(caller, "Ada pays by card", { subject: "ada" });
    await save(caller, "Ada is an engineer", { scope: "workflow", owner: "w", subject: "ada" });
    await save(caller, "Bob pays by card", { subject: "bob" });
    await save(other, "Ada pays in cash", { subject: "ada" });
    expect(
      await caller.call("POST", "/api/v1/memory-subjects/forget", { body: { subject: " ada " } }),
    ).toMatchObject({
      status: 200,
      body: { deleted: 2 },
    });
    expect(await list(caller)).toEqual(["Bob pays by card"]);
    expect(await list(other)).toEqual(["Ada pays in cash"]);
    expect(await vectorsOf(caller)).toHaveLength(1);
  });

  test("is at most a thousand facts of one place: the least important and then the oldest end, with their vectors, and as many ended ones are kept", async () => {
    const first = await save(caller, "Ada came first", { subject: "ada" });
    await storeFacts({ subject: "ada", count: 998, importance: 5, ended: false });
    await storeFacts({ subject: "ada", count: 1, importance: 1, ended: false });
    await storeFacts({ subject: "ada", count: MOST_FACTS, importance: 5, ended: true });
    await storeFacts({ subject: "bob", count: 3, importance: 1, ended: false });
    const count = async (subject: string) =>
      (
        await readRows(
          api.ownerUrl,
          `select count(*) filter (where valid_until is null)::int as valid, count(*) filter (where valid_until is not null)::int as ended,
             min(importance) filter (where valid_until is null)::int as least
           from memories where workspace_id = $1 and subject = $2`,
          [caller.workspaceId, subject],
        )
      )[0];
    const [second, third] = [
      await save(caller, "Ada came second", { subject: "ada" }),
      await save(caller, "Ada came third", { subject: "ada" }),
    ];
    expect(await count("ada")).toEqual({ valid: MOST_FACTS, ended: MOST_FACTS, least: 5 });
    expect(await count("bob")).toEqual({ valid: 3, ended: 0, least: 1 });
    expect((await caller.call("GET", `/api/v1/memories/${first}`)).body).toMatchObject({
      validUntil: expect.any(String),
      supersededBy: null,
    });
    expect((await vectorsOf(caller)).map(({ id }) => id).toSorted()).toEqual(
      [second, third].map((id) => `memory#${id}`).toSorted(),
    );
  });

  test("is searched by so many facts at a time, and every one is found in the end", async () => {
    await save(caller, "Bees fly in May");
    for (const text of ["One", "Two", "Three bees", "Four", "Five"]) await save(caller, text);
    const { listMemories } = await import("#/db/memory-list.ts");
    const found: string[][] = [];
    let cursor: Cursor | undefined;
    do {
      const page = await listMemories(caller.tenant, { search: "BEES", limit: 10, cursor }, 2);
      found.push(page.items.map(({ text }) => text));
      cursor = page.nextCursor === null ? undefined : decodeCursor(page.nextCursor);
    } while (cursor);
    expect(found).toEqual([[], ["Three bees"], ["Bees fly in May"], []]);
    expect(await list(caller, "search=bees%20may")).toEqual(["Bees fly in May"]);
  });

  test("is seen by nobody else: not in lists, not by its id, not by meaning, and not by a search of documents", async () => {
    const id = await save(caller, "The vault code is kept by Ada", { subject: "ada" });
    expect(await list(other)).toEqual([]);
    expect((await other.call("GET", `/api/v1/memories/${id}`)).status).toBe(404);
    expect(await recall(other, "Who keeps the vault code?", { subject: "ada" })).toEqual([]);
    expect(await recall(caller, "Who keeps the vault code?", { subject: "bob" })).toEqual([]);
    expect(
      await recall(caller, "Who keeps the vault code?", { scope: "workflow", owner: "w", subject: "ada" }),
    ).toEqual([]);
    expect(
      (await caller.call("POST", "/api/v1/search", { body: { query: "vault code" } })).body.items,
    ).toEqual([]);
    expect(await recall(caller, "Who keeps the vault code?", { subject: "ada" })).toEqual([
      "The vault code is kept by Ada",
    ]);
  });
});

/** Facts as if they had been learned in this order, their vectors stored. */
const storeFacts = (facts: {
  readonly subject: string;
  readonly count: number;
  readonly importance: number;
  readonly ended: boolean;
}) =>
  readRows(
    api.ownerUrl,
    `insert into memories (workspace_id, id, scope, owner, subject, text, importance, embedded_at, valid_until)
     select $1, gen_random_uuid(), 'workspace', '', $2, 'Fact ' || gen_random_uuid(), $4, now(), case when $5 then now() - n * interval '1 minute' end
     from generate_series(1, $3::int) n`,
    [caller.workspaceId, facts.subject, facts.count, facts.importance, facts.ended],
  );

const vectorsOf = async ({ workspaceId }: Caller) =>
  vectors.searchPassages(workspaceId, {
    values: Array.from({ length: 1024 }, (_, slot) => (slot === 0 ? 1 : 0.001)),
    topK: 100,
  });
