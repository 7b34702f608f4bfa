import { afterAll, beforeAll, expect, test } from "vitest";
import { type Caller, openApi, type TestApi } from "#/tests/support/api.ts";
import { readRows } from "#/tests/support/owner.ts";

let api: TestApi;
let caller: Caller;
/** More than a page of each, and behind them the ones that are looked for. */
beforeAll(async () => {
  api = await openApi();
  caller = await api.workspace();
  const store = (statement: string) => readRows(api.ownerUrl, statement, [caller.workspaceId]);
  await store(
    `insert into workflows (workspace_id, id, name, shares_name, draft, draft_text, updated_at)
     select $1::uuid, gen_random_uuid(), 'Workflow ' || n, true, '{}'::jsonb, '{}', now() + n * interval '1 second' from generate_series(1, 120) n
     union all select $1::uuid, gen_random_uuid(), 'Weekly report of harbours', true, '{}'::jsonb, '{}', now() - interval '1 day'`,
  );
  await store(
    `insert into documents (workspace_id, id, name, media_type, size_bytes, hash, content, created_at)
     select $1::uuid, gen_random_uuid(), 'Document ' || n, 'text/plain', 1, 'h' || n, 'x'::bytea, now() + n * interval '1 second' from generate_series(1, 120) n
     union all select $1::uuid, gen_random_uuid(), 'Tide tables 100%.pdf', 'text/plain', 1, 'h', 'x'::bytea, now() - interval '1 day'`,
  );
});
afterAll(() => api.stop());

const find = async (things: string, search: string) =>
  (await caller.call("GET", `/api/v1/${things}?search=${encodeURIComponent(search)}`)).body.items.map(
    ({ name }: { readonly name: string }) => name,
  );

test.each([
  ["workflows", "report", "Weekly report of harbours"],
  ["workflows", "HARBOUR week", "Weekly report of harbours"],
  ["documents", "tables", "Tide tables 100%.pdf"],
  ["documents", "pdf  tide", "Tide tables 100%.pdf"],
  ["documents", "100%", "Tide tables 100%.pdf"],
])("%s with “%s” are found beyond the newest hundred", async (things, search, name) => {
  expect(await find(things, search)).toEqual([name]);
});

test("each of the words has to be there, and signs mean themselves", async () => {
  expect(await find("workflows", "report daily")).toEqual([]);
  expect(await find("documents", "t_de")).toEqual([]);
  expect(await find("documents", "%")).toEqual(["Tide tables 100%.pdf"]);
  expect((await caller.call("GET", "/api/v1/documents?search=%20")).status).toBe(422);
});
