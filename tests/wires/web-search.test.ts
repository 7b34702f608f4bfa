import * as v from "valibot";
import { afterAll, beforeAll, expect, test } from "vitest";
import { noTokens } from "#/tests/support/no-tokens.ts";
import { openConnection } from "#/agents/connections/open-connection.ts";
import { readFields } from "#/agents/connections/fields.ts";
import { tryConnection } from "#/agents/connections/try-connection.ts";
import { webSearch } from "#/agents/tools/builtin/web-search.ts";
import type { ToolContext } from "#/agents/tools/tool.ts";
import { guardedFetch, guardedStream } from "#/lib/http/guarded-fetch.ts";
import { guardedMail } from "#/lib/http/guarded-mail.ts";
import { type SearchStandIn, startSearch } from "#/local/search/serve.ts";
import { NO_TOOL_MEMORY } from "#/tests/support/no-memory.ts";
import { NO_STORE } from "#/tests/support/no-store.ts";

const Found = v.object({
  results: v.array(v.object({ title: v.string(), url: v.string(), excerpt: v.string() })),
});

let standIn: SearchStandIn;
beforeAll(async () => {
  standIn = await startSearch({ port: 0 });
});
afterAll(() => standIn.stop());

/** A connection that signs in nowhere, as somebody would enter it. */
function connect() {
  const read = readFields("http", { url: standIn.url, signIn: "none" });
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  const guard = { allowHosts: ["127.0.0.1"] };
  return openConnection(
    { id: "c", name: "search", kind: "http", updatedAt: "", ...read.fields },
    { fetch: guardedFetch(guard), stream: guardedStream(guard), mail: guardedMail(guard), tokens: noTokens },
  );
}

const unused = async () => Promise.reject(new Error("not by this way"));
const context = (): ToolContext => ({
  signal: AbortSignal.timeout(5_000),
  runId: "run",
  showProgress: () => undefined,
  isDone: () => false,
  idempotencyKey: "run/step",
  search: async () => [],
  fetch: unused,
  store: NO_STORE,
  memory: NO_TOOL_MEMORY,
  now: Date.now,
  secrets: unused,
  connection: async () => connect(),
  once: (_key, _part, act) => act(),
  wait: () => undefined,
  runWorkflow: unused,
});

test("web_search finds pages by a connection without a sign-in, and what it finds can be read", async () => {
  const { results } = v.parse(Found, await webSearch.run({ query: "expired certificate outage" }, context()));
  expect(results[0]?.title.toLowerCase()).toContain("certificate");
  const page = await connect().fetch({ url: results[0]?.url ?? "" });
  expect(page).toMatchObject({
    status: 200,
    body: expect.stringContaining(results[0]?.title ?? "?") as string,
  });
});

test("a connection without a sign-in is tried by its address", async () => {
  expect(await tryConnection(connect())).toMatchObject({ ok: true });
});
