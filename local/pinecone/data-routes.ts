import { Hono, type Context } from "hono";
import * as v from "valibot";
import type { Database } from "#/local/pinecone/database.ts";
import type { IndexCatalogue, VectorIndex } from "#/local/pinecone/indexes.ts";
import { IncomingVector } from "#/local/pinecone/record-checks.ts";
import { type NamespaceCount, Namespaces, storedName } from "#/local/pinecone/namespaces.ts";
import { Records, type PageRequest, type Selection, type StoredVector } from "#/local/pinecone/records.ts";
import { demand, Refusal } from "#/local/pinecone/refusal.ts";
import type { WriteLag } from "#/local/pinecone/write-lag.ts";

const MAX_REQUEST_BYTES = 2 * 1024 * 1024;
const USAGE = { readUnits: 1 };

const numbers = v.array(v.number());
const filter = v.optional(v.nullable(v.record(v.string(), v.unknown())));
const namespace = v.optional(v.string());
const metadata = v.optional(v.record(v.string(), v.unknown()));

const Upsert = v.strictObject({ namespace, vectors: v.array(IncomingVector) });
const Query = v.strictObject({
  namespace,
  vector: v.optional(numbers),
  id: v.optional(v.string()),
  topK: v.number(),
  filter,
  includeValues: v.optional(v.boolean()),
  includeMetadata: v.optional(v.boolean()),
});
const Selecting = v.strictObject({
  namespace,
  ids: v.optional(v.array(v.string())),
  filter,
  deleteAll: v.optional(v.boolean()),
});
const Update = v.strictObject({
  namespace,
  id: v.optional(v.string()),
  filter,
  values: v.optional(numbers),
  setMetadata: metadata,
  dryRun: v.optional(v.boolean(), false),
});
const NewNamespace = v.strictObject({ name: v.string() });
const FetchByMetadata = v.strictObject({
  namespace,
  filter,
  limit: v.optional(v.number(), 100),
  paginationToken: v.optional(v.string()),
});

type Scope = { Variables: { index: VectorIndex } };

/** The data plane of every index, below `/i/{index}`. */
export function dataRoutes({
  database,
  catalogue,
  lag,
}: {
  database: Database;
  catalogue: IndexCatalogue;
  lag: WriteLag;
}): Hono<Scope> {
  const openRecords = (c: Context<Scope>, name: string | undefined) =>
    new Records({ database, lag, index: c.get("index"), namespace: storedName(name) });
  const openNamespaces = (c: Context<Scope>) => new Namespaces(database, c.get("index"));
  const routes = new Hono<Scope>();
  routes.use("/i/:index/*", async (c, next) => {
    c.set("index", await catalogue.named(c.req.param("index")));
    await next();
  });
  vectorRoutes(routes, { openRecords, openNamespaces });
  pageRoutes(routes, openRecords);
  namespaceRoutes(routes, { openRecords, openNamespaces });
  return routes;
}

type RecordsOf = (c: Context<Scope>, name: string | undefined) => Records;
type Places = { readonly openRecords: RecordsOf; readonly openNamespaces: (c: Context<Scope>) => Namespaces };

function vectorRoutes(routes: Hono<Scope>, { openRecords, openNamespaces }: Places): void {
  routes.post("/i/:index/vectors/upsert", async (c) => {
    const { namespace: name, vectors } = await read(c, Upsert);
    const upsertedCount = await openRecords(c, name).upsert(vectors);
    await openNamespaces(c).remember(name ?? "");
    return c.json({ upsertedCount });
  });
  routes.post("/i/:index/query", async (c) => {
    const query = await read(c, Query);
    const matches = await openRecords(c, query.namespace).query(query);
    return c.json({ results: [], matches, namespace: query.namespace ?? "", usage: USAGE });
  });
  routes.post("/i/:index/vectors/update", async (c) => {
    const { id, dryRun, ...change } = await read(c, Update);
    const selection = readSelection({ ids: id === undefined ? undefined : [id], filter: change.filter });
    const records = openRecords(c, change.namespace);
    const matchedRecords = selection.by === "filter" ? await records.count(selection) : undefined;
    if (!dryRun) await records.update(selection, change);
    return c.json({ matchedRecords });
  });
  routes.post("/i/:index/vectors/delete", async (c) => {
    const body = await read(c, Selecting);
    await openNamespaces(c).demandExisting(body.namespace ?? "");
    await openRecords(c, body.namespace).delete(
      body.deleteAll === true ? { by: "all" } : readSelection(body),
    );
    return c.json({});
  });
  routes.get("/i/:index/vectors/fetch", async (c) => {
    const name = c.req.query("namespace");
    const vectors = await openRecords(c, name).fetch(c.req.queries("ids") ?? []);
    return c.json({ vectors: byId(vectors), namespace: name ?? "", usage: USAGE });
  });
}

function pageRoutes(routes: Hono<Scope>, openRecords: RecordsOf): void {
  routes.post("/i/:index/vectors/fetch_by_metadata", async (c) => {
    const body = await read(c, FetchByMetadata);
    const page = pageRequest(Math.min(body.limit, 10_000), body.paginationToken);
    const found = await openRecords(c, body.namespace).fetchByMetadata(body.filter, page);
    const vectors = found.slice(0, page.limit);
    return c.json({
      vectors: byId(vectors),
      namespace: body.namespace ?? "",
      usage: USAGE,
      pagination: nextPage(found.length > page.limit, vectors.at(-1)?.id),
    });
  });
  routes.get("/i/:index/vectors/list", async (c) => {
    const name = c.req.query("namespace");
    const page = pageRequest(
      Math.min(Number(c.req.query("limit") ?? 100), 100),
      c.req.query("paginationToken"),
    );
    const found = await openRecords(c, name).list(c.req.query("prefix") ?? "", page);
    const ids = found.slice(0, page.limit);
    return c.json({
      vectors: ids.map((id) => ({ id })),
      namespace: name ?? "",
      usage: USAGE,
      pagination: nextPage(found.length > page.limit, ids.at(-1)),
    });
  });
}

function namespaceRoutes(routes: Hono<Scope>, { openRecords, openNamespaces }: Places): void {
  routes.post("/i/:index/describe_index_stats", async (c) =>
    c.json(statistics(c.get("index"), await openNamespaces(c).counts())),
  );
  routes.get("/i/:index/namespaces", async (c) => {
    const namespaces = (await openNamespaces(c).counts()).filter(({ name }) =>
      name.startsWith(c.req.query("prefix") ?? ""),
    );
    return c.json({ namespaces: namespaces.map(described), total_count: namespaces.length });
  });
  routes.post("/i/:index/namespaces", async (c) => {
    const { name } = await read(c, NewNamespace);
    await openNamespaces(c).create(name);
    return c.json(described({ name, count: 0 }));
  });
  routes.get("/i/:index/namespaces/:namespace", async (c) => {
    const found = (await openNamespaces(c).counts()).find(({ name }) => name === c.req.param("namespace"));
    if (found === undefined) throw new Refusal("Namespace not found", 404);
    return c.json(described(found));
  });
  routes.delete("/i/:index/namespaces/:namespace", async (c) => {
    const name = c.req.param("namespace");
    await openNamespaces(c).demandExisting(name);
    await openRecords(c, name).delete({ by: "all" });
    await openNamespaces(c).forget(name);
    return c.json({});
  });
}

function described({ name, count }: NamespaceCount) {
  return { name, record_count: String(count) };
}

function statistics({ dimension, metric }: VectorIndex, namespaces: readonly NamespaceCount[]) {
  return {
    namespaces: Object.fromEntries(namespaces.map(({ name, count }) => [name, { vectorCount: count }])),
    totalVectorCount: namespaces.reduce((total, { count }) => total + count, 0),
    dimension,
    metric,
    indexFullness: 0,
    vectorType: "dense",
  };
}

function readSelection({
  ids,
  filter: condition,
}: {
  ids?: readonly string[] | undefined;
  filter?: unknown;
}): Selection {
  if (ids !== undefined && ids.length > 0) return { by: "ids", ids };
  demand(condition !== undefined && condition !== null, "ids, filter or deleteAll is required");
  return { by: "filter", filter: condition };
}

async function read<S extends v.GenericSchema>(c: Context<Scope>, schema: S): Promise<v.InferOutput<S>> {
  const body = await c.req.text();
  demand(
    body.length <= MAX_REQUEST_BYTES,
    `Request size ${body.length} exceeds the maximum supported size of ${MAX_REQUEST_BYTES} bytes`,
  );
  const result = v.safeParse(schema, parseJson(body));
  if (!result.success)
    throw new Refusal(
      result.issues.map((issue) => `${v.getDotPath(issue) ?? "body"}: ${issue.message}`).join("; "),
    );
  return result.output;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal("the body is not JSON");
  }
}

const byId = (vectors: readonly StoredVector[]) =>
  Object.fromEntries(vectors.map((vector) => [vector.id, vector]));

function pageRequest(limit: number, token: string | undefined): PageRequest {
  demand(Number.isInteger(limit) && limit > 0, "limit must be a positive integer");
  return { limit, after: token === undefined ? "" : Buffer.from(token, "base64url").toString() };
}

function nextPage(more: boolean, lastId: string | undefined): { next: string } | undefined {
  return more && lastId !== undefined ? { next: Buffer.from(lastId).toString("base64url") } : undefined;
}
