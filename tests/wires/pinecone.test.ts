import { rm } from "node:fs/promises";
import { Errors, Pinecone, type Index } from "@pinecone-database/pinecone";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startPinecone } from "#/local/pinecone/serve.ts";
import { scratchDirectory } from "#/tests/support/scratch-directory.ts";

// The official client, unmodified, against the façade.
const API_KEY = "contract-key";

const RECORDS = [
  { id: "a", values: [1, 0, 0, 0], metadata: { genre: "drama", year: 2020, ok: true, tags: ["x", "y"] } },
  { id: "b", values: [0.9, 0.1, 0, 0], metadata: { genre: "comedy", year: 2021, ok: false, tags: ["y"] } },
  { id: "c", values: [0, 1, 0, 0], metadata: { genre: 'it\'s "q"', year: 1999.5 } },
  { id: "d", values: [0, 0, 1, 0] },
];

type Service = Awaited<ReturnType<typeof startPinecone>>;
const openClient = (service: Service, apiKey = API_KEY) =>
  new Pinecone({ apiKey, controllerHostUrl: `http://127.0.0.1:${service.port}` });
const createIndex = (
  client: Pinecone,
  name: string,
  metric: "cosine" | "dotproduct" | "euclidean" = "cosine",
) =>
  client.indexes.create({
    name,
    dimension: 4,
    metric,
    spec: { serverless: { cloud: "aws", region: "us-east-1" } },
    waitUntilReady: true,
  });

describe("Pinecone wire", () => {
  let service: Service;
  let client: Pinecone;
  let index: Index;
  let namespace: string;

  beforeAll(async () => {
    service = await startPinecone({ port: 0, apiKey: API_KEY, dataDir: undefined });
    client = openClient(service);
    await createIndex(client, "films");
  });
  afterAll(() => service.stop());

  beforeEach(async () => {
    namespace = `ns-${crypto.randomUUID()}`;
    index = client.index({ name: "films", namespace });
    await index.upsert({ records: RECORDS });
  });

  const idsMatching = async (filter?: object) =>
    (await index.query({ vector: [1, 0, 0, 0], topK: 10, ...(filter ? { filter } : {}) })).matches
      .map(({ id }) => id)
      .toSorted();

  it("creates, describes, lists and deletes indexes", async () => {
    await createIndex(client, "short-lived");
    const described = await client.indexes.describe("short-lived");
    expect(described.status?.ready).toBe(true);
    expect(described.host).toBe(`http://127.0.0.1:${service.port}/i/short-lived`);
    expect((await client.indexes.list()).indexes?.map(({ name }) => name)).toContain("short-lived");
    await client.indexes.delete("short-lived");
    await expect(client.indexes.describe("short-lived")).rejects.toThrow(Errors.PineconeNotFoundError);
  });

  it("refuses a name that is taken, unless the caller says it does not mind", async () => {
    await expect(createIndex(client, "films")).rejects.toThrow(Errors.PineconeConflictError);
    await expect(
      client.indexes.create({
        name: "films",
        dimension: 4,
        metric: "cosine",
        spec: { serverless: { cloud: "aws", region: "us-east-1" } },
        suppressConflicts: true,
      }),
    ).resolves.not.toThrow();
  });

  it("protects an index from deletion until it is configured otherwise, and keeps its tags", async () => {
    await createIndex(client, "protected");
    await client.indexes.configure("protected", {
      deletionProtection: "enabled",
      tags: { team: "a", gone: "b" },
    });
    await expect(client.indexes.delete("protected")).rejects.toThrow(Errors.PineconeBadRequestError);
    await client.indexes.configure("protected", { tags: { gone: "" } });
    expect(await client.indexes.describe("protected")).toMatchObject({
      deletionProtection: "enabled",
      tags: { team: "a" },
    });
    await client.indexes.configure("protected", { deletionProtection: "disabled" });
    await client.indexes.delete("protected");
  });

  it("creates, describes and deletes namespaces; a name that exists or is reserved is refused", async () => {
    const films = client.index({ name: "films" });
    expect(await films.createNamespace({ name: "fresh" })).toMatchObject({ name: "fresh", recordCount: "0" });
    expect(await films.describeNamespace("fresh")).toMatchObject({ name: "fresh" });
    await expect(films.createNamespace({ name: "fresh" })).rejects.toThrow(Errors.PineconeConflictError);
    await expect(films.createNamespace({ name: "__default__" })).rejects.toThrow(
      Errors.PineconeBadRequestError,
    );
    await films.deleteNamespace("fresh");
    await expect(films.describeNamespace("fresh")).rejects.toThrow(Errors.PineconeNotFoundError);
  });

  it("answers 404 for a deletion in a namespace that does not exist", async () => {
    const nowhere = client.index({ name: "films", namespace: "nowhere" });
    await expect(nowhere.deleteMany({ ids: ["a"] })).rejects.toThrow(Errors.PineconeNotFoundError);
    await expect(nowhere.deleteAll()).rejects.toThrow(Errors.PineconeNotFoundError);
    await expect(client.index({ name: "films" }).deleteNamespace("nowhere")).rejects.toThrow(
      Errors.PineconeNotFoundError,
    );
  });

  it("counts what an update would change when asked to, and writes nothing", async () => {
    // The official client has no word for a dry run yet; the wire has.
    const update = async (dryRun: boolean) => {
      const body = JSON.stringify({
        namespace,
        filter: { year: { $gte: 2020 } },
        setMetadata: { genre: "changed" },
        dryRun,
      });
      const response = await fetch(`http://127.0.0.1:${service.port}/i/films/vectors/update`, {
        method: "POST",
        headers: { "api-key": API_KEY },
        body,
      });
      return response.json();
    };
    expect(await update(true)).toEqual({ matchedRecords: 2 });
    expect(await idsMatching({ genre: "changed" })).toEqual([]);
    expect(await update(false)).toEqual({ matchedRecords: 2 });
    expect(await idsMatching({ genre: "changed" })).toEqual(["a", "b"]);
  });

  it("refuses what it does not know, instead of ignoring it", async () => {
    const sparse = { id: "s", values: [1, 0, 0, 0], sparseValues: { indices: [1], values: [1] } };
    await expect(index.upsert({ records: [sparse] })).rejects.toThrow(Errors.PineconeBadRequestError);
    await expect(
      index.query({ vector: [1, 0, 0, 0], topK: 1, sparseVector: { indices: [1], values: [1] } }),
    ).rejects.toThrow(Errors.PineconeBadRequestError);
  });

  it.each([
    ["GET", "/indexes/unknown", 404, "NOT_FOUND"],
    ["POST", "/indexes", 400, "INVALID_ARGUMENT"],
    ["PATCH", "/indexes/films", 400, "INVALID_ARGUMENT"],
  ])("names the error of %s %s", async (method, path, status, code) => {
    const body = method === "GET" ? {} : { body: "{not json" };
    const response = await fetch(`http://127.0.0.1:${service.port}${path}`, {
      method,
      headers: { "api-key": API_KEY },
      ...body,
    });
    expect([response.status, await response.json()]).toMatchObject([status, { error: { code } }]);
  });

  it("finds the nearest vectors, by vector and by id", async () => {
    const { matches } = await index.query({
      vector: [1, 0, 0, 0],
      topK: 2,
      includeMetadata: true,
      includeValues: true,
    });
    expect(matches.map(({ id }) => id)).toEqual(["a", "b"]);
    expect(matches[0]).toMatchObject({ score: 1, values: [1, 0, 0, 0], metadata: RECORDS[0]?.metadata });
    const near = await index.query({ id: "c", topK: 1 });
    expect(near.matches[0]).toMatchObject({ id: "c", values: [] });
    expect(near.matches[0]?.metadata).toBeUndefined();
  });

  it.each([
    ["dotproduct", 2],
    ["euclidean", 0],
  ] as const)("scores with the metric %s", async (metric, score) => {
    await createIndex(client, `metric-${metric}`, metric);
    const other = client.index({ name: `metric-${metric}` });
    await other.upsert({
      records: [
        { id: "near", values: [metric === "euclidean" ? 1 : 2, 0, 0, 0] },
        { id: "far", values: [-3, 0, 0, 0] },
      ],
    });
    const { matches } = await other.query({ vector: [1, 0, 0, 0], topK: 2 });
    expect(matches[0]).toMatchObject({ id: "near", score });
  });

  it.each([
    [{ genre: "drama" }, "a"],
    [{ genre: { $eq: "drama" } }, "a"],
    [{ genre: { $ne: "drama" } }, "bcd"],
    [{ year: { $gt: 2020 } }, "b"],
    [{ year: { $gte: 2020, $lt: 2021 } }, "a"],
    [{ year: { $lte: 1999.5 } }, "c"],
    [{ genre: { $in: ["drama", "comedy"] } }, "ab"],
    [{ genre: { $nin: ["drama", "comedy"] } }, "cd"],
    [{ tags: { $in: ["x"] } }, "a"],
    [{ tags: "y" }, "ab"],
    [{ tags: { $nin: ["x"] } }, "bcd"],
    [{ ok: { $eq: false } }, "b"],
    [{ ok: { $exists: true } }, "ab"],
    [{ ok: { $exists: false } }, "cd"],
    [{ $and: [{ genre: "drama" }, { year: { $gte: 2000 } }] }, "a"],
    [{ $or: [{ genre: "comedy" }, { year: { $lt: 2000 } }] }, "bc"],
    [{ $or: [{ $and: [{ genre: "drama" }, { ok: true }] }, { genre: { $eq: 'it\'s "q"' } }] }, "ac"],
    [{ year: "2020" }, ""],
    [{ "weird\"key'; drop table x;--": "v" }, ""],
    [{ genre: "'); DROP TABLE pinecone.indexes; --" }, ""],
  ])("filters by %j", async (filter, ids) => {
    expect((await idsMatching(filter)).join("")).toBe(ids);
  });

  it.each([
    [{ year: { $gt: "x" } }],
    [{ $foo: [] }],
    [{ genre: { $regex: "x" } }],
    [{ genre: { $in: "drama" } }],
    [{ $and: [] }],
  ])("refuses the malformed filter %j", async (filter) => {
    await expect(idsMatching(filter)).rejects.toThrow(Errors.PineconeBadRequestError);
  });

  it("keeps namespaces apart", async () => {
    const other = index.namespace("elsewhere");
    await other.upsert({ records: [{ id: "a", values: [0, 0, 0, 1] }] });
    expect(await idsMatching()).toEqual(["a", "b", "c", "d"]);
    expect((await other.fetch({ ids: ["a", "b"] })).records).toEqual({
      a: expect.objectContaining({ values: [0, 0, 0, 1] }),
    });
    await other.deleteAll();
    expect((await index.fetch({ ids: ["a"] })).records).toHaveProperty("a");
  });

  it("replaces a record that is stored again", async () => {
    await index.upsert({ records: [{ id: "a", values: [0, 0, 0, 1], metadata: { genre: "new" } }] });
    expect((await index.fetch({ ids: ["a"] })).records["a"]).toMatchObject({
      values: [0, 0, 0, 1],
      metadata: { genre: "new" },
    });
  });

  it("updates values and merges metadata", async () => {
    await index.update({ id: "a", values: [0, 1, 1, 0], metadata: { year: 2030 } });
    expect((await index.fetch({ ids: ["a"] })).records["a"]).toMatchObject({
      values: [0, 1, 1, 0],
      metadata: { genre: "drama", year: 2030 },
    });
  });

  it("lists ids page by page and by prefix", async () => {
    const first = await index.listPaginated({ limit: 3 });
    expect(first.vectors?.map(({ id }) => id)).toEqual(["a", "b", "c"]);
    const second = await index.listPaginated({ limit: 3, paginationToken: first.pagination?.next ?? "" });
    expect(second.vectors?.map(({ id }) => id)).toEqual(["d"]);
    expect(second.pagination?.next).toBeUndefined();
    expect((await index.listPaginated({ prefix: "zz" })).vectors).toEqual([]);
  });

  it("fetches by metadata page by page", async () => {
    const first = await index.fetchByMetadata({ filter: { year: { $gt: 1900 } }, limit: 2 });
    expect(Object.keys(first.records)).toEqual(["a", "b"]);
    expect(first.pagination?.next).toBeTruthy();
  });

  it("deletes one, by ids and by filter, and counts what is left", async () => {
    const count = async () => (await index.fetchByMetadata({ filter: {}, limit: 10 })).records;
    await index.deleteOne({ id: "d" });
    await index.deleteMany({ filter: { genre: "comedy" } });
    await index.deleteMany({ ids: ["c", "unknown"] });
    expect(Object.keys(await count())).toEqual(["a"]);
    const stats = await index.describeIndexStats();
    expect(stats.dimension).toBe(4);
    expect(Object.values(stats.namespaces ?? {}).reduce((sum, { recordCount }) => sum + recordCount, 0)).toBe(
      stats.totalRecordCount,
    );
  });

  it("lists and deletes namespaces", async () => {
    await index.namespace("doomed").upsert({ records: [{ id: "a", values: [1, 1, 1, 1] }] });
    expect((await index.listNamespaces()).namespaces?.map(({ name }) => name)).toContain("doomed");
    await index.deleteNamespace("doomed");
    expect((await index.listNamespaces()).namespaces?.map(({ name }) => name)).not.toContain("doomed");
  });

  it.each([
    ["a wrong dimension", { id: "x", values: [1, 2] }],
    ["a zero vector", { id: "x", values: [0, 0, 0, 0] }],
    ["41 KB of metadata", { id: "x", values: [1, 2, 3, 4], metadata: { a: "x".repeat(41_000) } }],
    ["nested metadata", { id: "x", values: [1, 2, 3, 4], metadata: JSON.parse('{"a":{"b":1}}') }],
  ])("refuses %s", async (_what, record) => {
    await expect(index.upsert({ records: [record] })).rejects.toThrow(Errors.PineconeBadRequestError);
  });

  it("refuses 1,001 records at once and topK above 10,000", async () => {
    const many = Array.from({ length: 1001 }, (_, position) => ({
      id: `x${position}`,
      values: [1, 2, 3, 4],
    }));
    await expect(index.upsert({ records: many })).rejects.toThrow(Errors.PineconeBadRequestError);
    await expect(index.query({ vector: [1, 0, 0, 0], topK: 10_001 })).rejects.toThrow("10000");
  });

  it("refuses every request without the key", async () => {
    await expect(openClient(service, "wrong").indexes.list()).rejects.toThrow(
      Errors.PineconeAuthorizationError,
    );
    for (const path of ["/indexes", "/indexes/films", "/i/films/vectors/list", "/_faults", "/nowhere"]) {
      expect((await fetch(`http://127.0.0.1:${service.port}${path}`)).status).toBe(401);
    }
  });

  it("fails on request, as often as asked", async () => {
    await fetch(`http://127.0.0.1:${service.port}/_faults`, {
      method: "POST",
      headers: { "api-key": API_KEY },
      body: JSON.stringify({ path: "/query", status: 429, times: 1 }),
    });
    await expect(idsMatching()).rejects.toThrow(Errors.PineconeUnmappedHttpError);
    expect(await idsMatching()).toHaveLength(4);
  });
});

it("keeps vectors across restarts, on another port", async () => {
  const dataDir = scratchDirectory();
  const first = await startPinecone({ port: 0, apiKey: API_KEY, dataDir });
  await createIndex(openClient(first), "kept");
  await openClient(first).index({ name: "kept" }).upsert({ records: RECORDS });
  await first.stop();

  const second = await startPinecone({ port: 0, apiKey: API_KEY, dataDir });
  // The client remembers hosts by name for the life of the process, so the new one is given to it.
  const { host } = await openClient(second).indexes.describe("kept");
  const { records } = await openClient(second)
    .index({ host })
    .fetch({ ids: ["a"] });
  expect(records).toHaveProperty("a");
  await second.stop();
  await rm(dataDir, { recursive: true });
});

it("shows a write only after the lag", async () => {
  const service = await startPinecone({ port: 0, apiKey: API_KEY, dataDir: undefined, lagMs: 300 });
  await createIndex(openClient(service), "late");
  const index = openClient(service).index({ name: "late" });
  await index.upsert({ records: RECORDS });
  expect((await index.fetch({ ids: ["a"] })).records).toEqual({});
  await expect
    .poll(async () => Object.keys((await index.fetch({ ids: ["a"] })).records), { timeout: 10_000 })
    .toEqual(["a"]);
  await service.stop();
});
