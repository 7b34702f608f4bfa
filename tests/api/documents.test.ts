import { readFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { call, type Caller, openApi, type TestApi } from "#/tests/support/api.ts";
import { eventually } from "#/tests/support/eventually.ts";

let api: TestApi;
let caller: Caller;
beforeAll(async () => {
  api = await openApi({ knowledge: true });
  caller = await api.workspace();
  await call(`${api.url}/api/queue/ensure`, "GET", { headers: { authorization: "Bearer cron" } });
});
afterAll(() => api.stop());

const whenDone = (id: string) =>
  eventually(async () => {
    const { body } = await caller.call("GET", `/api/v1/documents/${id}`);
    return body.status === "ready" || body.status === "failed" ? body : undefined;
  });
const form = (fields: Record<string, string | File>) => {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.set(name, value);
  return data;
};

describe("documents", () => {
  test("given as text are read after the answer, and can be found until they are deleted", async () => {
    const made = await caller.call("POST", "/api/v1/documents", {
      body: {
        name: "Refunds.md",
        text: "# Refunds\n\nCustomers receive a refund within fourteen days.",
        source: "handbook",
      },
    });
    expect(made).toMatchObject({
      status: 202,
      body: { name: "Refunds.md", mediaType: "text/markdown", source: "handbook", error: null },
    });
    const { id } = made.body;
    expect(await whenDone(id)).toMatchObject({ status: "ready", passages: 1, embedded: 1 });
    const search = (body: object) =>
      caller.call("POST", "/api/v1/search", { body: { query: "refund within fourteen days", ...body } });
    expect((await search({})).body.items).toMatchObject([
      { document: "Refunds.md", documentId: id, position: 1, source: "handbook", score: expect.any(Number) },
    ]);
    expect((await search({ filter: { source: "elsewhere" } })).body.items).toEqual([]);
    expect((await caller.call("DELETE", `/api/v1/documents/${id}`)).status).toBe(204);
    expect((await search({})).body.items).toEqual([]);
    expect((await caller.call("GET", `/api/v1/documents/${id}`)).status).toBe(404);
  });

  test("are read passage by passage, from any place on, and found by their name", async () => {
    const name = "Long.md";
    const text = Array.from({ length: 12 }, (_, part) => `# Part ${part}\n\nWhat part ${part} says.`).join(
      "\n\n",
    );
    const { body } = await caller.call("POST", "/api/v1/documents", { body: { name, text } });
    await whenDone(body.id);
    const read = (query: string) => caller.call("GET", `/api/v1/documents/${body.id}/passages?${query}`);
    const first = await read("limit=5");
    expect(first.body.items.map(({ position }: { position: number }) => position)).toEqual([1, 2, 3, 4, 5]);
    expect(first.body.items[1].text).toBe("Part 1\nWhat part 1 says.");
    const next = await read(`limit=5&cursor=${first.body.nextCursor}`);
    expect(next.body.items[0].position).toBe(6);
    expect((await read("from=12")).body).toMatchObject({ items: [{ position: 12 }], nextCursor: null });
    expect((await read("from=0")).status).toBe(422);
    expect((await caller.call("GET", "/api/v1/documents?name=%00")).body).toMatchObject({
      status: 422,
      errors: [{ path: "/query/name" }],
    });
    const named = await caller.call("GET", `/api/v1/documents?name=${name}`);
    expect(named.body.items.map(({ id }: { id: string }) => id)).toEqual([body.id]);
    expect((await caller.call("GET", "/api/v1/documents?name=long.md")).body.items).toEqual([]);
    const other = await api.workspace();
    expect((await other.call("GET", `/api/v1/documents/${body.id}/passages`)).status).toBe(404);
  });

  test("are found in their own workspace only", async () => {
    const { body } = await caller.call("POST", "/api/v1/documents", {
      body: { name: "secret.txt", text: "The vault opens with the green key." },
    });
    await whenDone(body.id);
    const other = await api.workspace();
    expect(
      (await other.call("POST", "/api/v1/search", { body: { query: "vault green key" } })).body.items,
    ).toEqual([]);
  });

  test("can be uploaded as a file, whatever the client calls its type", async () => {
    const file = new File(["name,city\nAda,London\n"], "people.csv", { type: "application/pdf" });
    const made = await caller.call("POST", "/api/v1/documents", { body: form({ file, name: "People.csv" }) });
    expect(made).toMatchObject({
      status: 202,
      body: { name: "People.csv", mediaType: "text/csv", sizeBytes: 21 },
    });
    expect(await whenDone(made.body.id)).toMatchObject({ status: "ready" });
  });

  test("that are read in part say what is missing", async () => {
    const file = new File([readFileSync("tests/fixtures/documents/mixed.pdf")], "mixed.pdf");
    const made = await caller.call("POST", "/api/v1/documents", { body: form({ file }) });
    expect(made.body).toMatchObject({ note: null });
    expect(await whenDone(made.body.id)).toMatchObject({
      status: "ready",
      error: null,
      note: expect.stringContaining("Page 2 of 3 has no text"),
    });
  });

  test("that cannot be read say why", async () => {
    const made = await caller.call("POST", "/api/v1/documents", {
      body: form({ file: new File(["%PDF-1.7 and nothing more"], "broken.pdf") }),
    });
    const failed = await whenDone(made.body.id);
    expect(failed.status).toBe("failed");
    expect(failed.error).toMatch(/\w{3,}/);
    expect((await caller.call("GET", "/api/v1/documents?status=failed")).body.items).toMatchObject([
      { id: made.body.id },
    ]);
  });

  test.each([
    ["without a file", { name: "x" }, 422, "invalid-request"],
    ["with an empty name", { file: new File(["x"], "x.txt"), name: " " }, 422, "invalid-request"],
    ["that is too large", { file: new File([new Uint8Array(4_100_000)], "x.txt") }, 413, "too-large"],
  ])("as a form %s are refused", async (_what, fields, status, code) => {
    expect(await caller.call("POST", "/api/v1/documents", { body: form(fields) })).toMatchObject({
      status,
      body: { code },
    });
  });

  test("as a form that is none are refused", async () => {
    const answer = await caller.call("POST", "/api/v1/documents", {
      body: "nonsense",
      headers: { "content-type": "multipart/form-data; boundary=x" },
    });
    expect(answer).toMatchObject({ status: 422, body: { code: "invalid-request" } });
  });
});

describe("a document under an Idempotency-Key", () => {
  const post = (key: string, body: object) =>
    caller.call("POST", "/api/v1/documents", { body, headers: { "idempotency-key": key } });
  const file = (text: string) => form({ file: new File([text], "notes.txt"), source: "wiki" });

  test.each([
    ["text", () => ({ name: "a.md", text: "once" }), () => ({ name: "a.md", text: "twice" })],
    ["a file", () => file("once"), () => file("twice")],
  ])("given as %s is stored once, and another one is refused", async (what, first, other) => {
    const answers = await Promise.all([post(what, first()), post(what, first())]);
    expect(answers.map(({ status }) => status)).toEqual([202, 202]);
    expect(answers[1]?.body.id).toBe(answers[0]?.body.id);
    await whenDone(answers[0]?.body.id);
    expect(await post(what, first())).toMatchObject({
      status: 202,
      body: { id: answers[0]?.body.id, status: "ready" },
    });
    expect(await post(what, other())).toMatchObject({
      status: 422,
      body: { code: "idempotency-key-reused" },
    });
  });

  test("that was deleted does not come back", async () => {
    const { body } = await post("deleted", file("once"));
    await whenDone(body.id);
    await caller.call("DELETE", `/api/v1/documents/${body.id}`);
    expect((await post("deleted", file("once"))).status).toBe(404);
    expect((await caller.call("GET", `/api/v1/documents/${body.id}`)).status).toBe(404);
  });
});

test("a search by a filter that passages do not have tells which they have", async () => {
  const answer = await caller.call("POST", "/api/v1/search", {
    body: { query: "x", filter: { author: "Ada" } },
  });
  expect(answer).toMatchObject({
    status: 422,
    body: { errors: [{ path: "/filter/author", message: expect.stringContaining("documentId") }] },
  });
});

describe("while the vector store is away", () => {
  const faults = (method: "POST" | "DELETE") =>
    call(`${String(process.env["PINECONE_CONTROLLER_HOST"])}/_faults`, method, {
      headers: { "api-key": "vectors" },
      ...(method === "POST" && { body: { status: 503, times: 1000 } }),
    });
  afterEach(() => faults("DELETE"));

  test.each([
    ["a search", "POST", () => "/api/v1/search", { query: "refund" }],
    ["deleting a document", "DELETE", (id: string) => `/api/v1/documents/${id}`, undefined],
  ])("%s is refused for now, and nothing is lost", async (_what, method, pathOf, body) => {
    const made = await caller.call("POST", "/api/v1/documents", { body: { name: "a.md", text: "refund" } });
    await whenDone(made.body.id);
    await faults("POST");
    const answer = await caller.call(method, pathOf(made.body.id), { ...(body && { body }) });
    expect(answer).toMatchObject({ status: 503, body: { code: "unavailable" } });
    expect(answer.headers.get("retry-after")).toBe("5");
    expect(await caller.call("GET", `/api/v1/documents/${made.body.id}`)).toMatchObject({
      status: 200,
      body: { status: "ready" },
    });
  });
});
