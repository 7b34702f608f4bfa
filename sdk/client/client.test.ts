import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { json } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ApiError } from "./api-error.ts";
import { createClient } from "./client.ts";

interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage["headers"];
  readonly body: unknown;
}

let seen: Seen[] = [];
let answer: (response: ServerResponse, request: IncomingMessage) => void;
const server = createServer(async (request, response) => {
  const { method, url, headers } = request;
  const body = headers["content-type"] === "application/json" ? await json(request) : undefined;
  seen.push({ method, url, headers, body });
  answer(response, request);
});
const answerJson = (status: number, body: unknown) => (response: ServerResponse) =>
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));

let baseUrl = "";
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  baseUrl = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
});
afterAll(() => void server.close());

const connect = (options = {}) => {
  seen = [];
  answer = answerJson(200, { items: [], nextCursor: null });
  return createClient({ baseUrl, ...options });
};
const path = { id: "a/b c" };

describe("a call", () => {
  test("fills in and encodes its path, and leaves out what is not set of its query", async () => {
    const { api } = connect();
    await api("GET /api/v1/workflows/{id}/versions", { path, query: { limit: 3, cursor: null } });
    expect(seen).toMatchObject([{ method: "GET", url: "/api/v1/workflows/a%2Fb%20c/versions?limit=3" }]);
    expect(seen[0]?.headers).not.toHaveProperty("content-type");
  });

  test("sends its body, the API key and the idempotency key", async () => {
    const { api } = connect({ apiKey: "cairn_1" });
    answer = answerJson(202, { id: "r", status: "queued", url: "http://x/r" });
    const body = { input: { topic: "stones" } };
    const started = await api("POST /api/v1/workflows/{id}/runs", { path, body, idempotencyKey: "once" });
    expect(started).toEqual({ id: "r", status: "queued", url: "http://x/r" });
    expect(seen).toMatchObject([
      { method: "POST", body, headers: { authorization: "Bearer cairn_1", "idempotency-key": "once" } },
    ]);
  });

  test("answers undefined where there is no body", async () => {
    const { api } = connect();
    answer = (response) => response.writeHead(204).end();
    expect(await api("DELETE /api/v1/documents/{id}", { path })).toBeUndefined();
  });

  test("throws the problem of a refusal", async () => {
    const { api } = connect();
    const errors = [{ path: "/name", message: "is missing" }];
    answer = answerJson(422, { code: "invalid", title: "Invalid", detail: "It does not fit.", errors });
    const refused = api("POST /api/v1/events", { body: { key: "k" } });
    await expect(refused).rejects.toThrow(ApiError);
    await expect(refused).rejects.toMatchObject({
      status: 422,
      code: "invalid",
      title: "Invalid",
      message: "It does not fit.",
      problems: errors,
    });
  });

  test("throws what people can read when something else than the API answers, or nobody", async () => {
    const { api } = connect();
    answer = (response) => response.writeHead(502).end("<h1>Bad Gateway</h1>");
    await expect(api("GET /api/v1/me")).rejects.toMatchObject({
      status: 502,
      message: "The server answered 502.",
    });
    answer = (_, request) => request.socket.destroy();
    await expect(api("GET /api/v1/me")).rejects.toMatchObject({ status: 503, title: "No connection" });
  });

  test("says that nobody is signed in by the words it was given", async () => {
    const { api } = connect({ signedOut: { title: "Signed out", detail: "Sign in again." } });
    answer = answerJson(401, { detail: "Send an API key." });
    await expect(api("GET /api/v1/me")).rejects.toMatchObject({ status: 401, message: "Sign in again." });
  });

  test("can be given up", async () => {
    const { api } = connect();
    const given = new AbortController();
    answer = () => given.abort();
    await expect(api("GET /api/v1/me", { signal: given.signal })).rejects.toMatchObject({
      name: "AbortError",
    });
  });
});

describe("a query", () => {
  const { signal } = new AbortController();

  test("has a key of its path and query, whatever way the query is written, and reads", async () => {
    const { makeQuery } = connect();
    const query = makeQuery("GET /api/v1/runs", { query: { limit: 5, status: "paused", workflow: null } });
    expect(query.queryKey).toEqual(["api", "v1", "runs", { limit: "5", status: "paused" }]);
    expect(makeQuery("GET /api/v1/runs").queryKey).toEqual(["api", "v1", "runs"]);
    await query.queryFn({ signal });
    expect(seen).toMatchObject([{ url: "/api/v1/runs?limit=5&status=paused" }]);
  });

  test("is below the key of the path above it", () => {
    const { makeQuery } = connect();
    const { queryKey } = makeQuery("GET /api/v1/runs/{id}/definition", { path: { id: "r" } });
    expect(queryKey).toEqual([...makeQuery("GET /api/v1/runs").queryKey, "r", "definition"]);
  });

  test("of pages reads one after the other", async () => {
    const { makePagedQuery } = connect();
    const pages = makePagedQuery("GET /api/v1/runs", { query: { limit: 5 } });
    expect(pages.queryKey).toEqual(["api", "v1", "runs", { limit: "5" }, "pages"]);
    await pages.queryFn({ pageParam: pages.initialPageParam, signal });
    await pages.queryFn({ pageParam: pages.getNextPageParam({ nextCursor: "c" }), signal });
    expect(seen.map(({ url }) => url)).toEqual(["/api/v1/runs?limit=5", "/api/v1/runs?limit=5&cursor=c"]);
  });
});
