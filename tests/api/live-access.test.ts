import { afterAll, beforeAll, expect, test } from "vitest";
import { type Caller, openApi, type TestApi } from "#/tests/support/api.ts";
import { reviewed } from "#/tests/support/definitions.ts";
import { eventually } from "#/tests/support/eventually.ts";
import { readEvents, type ReceivedEvent } from "#/tests/support/event-source.ts";
import { readRows } from "#/tests/support/owner.ts";
import { publish } from "#/tests/support/publish.ts";

let api: TestApi;
let caller: Caller;
let runId = "";
beforeAll(async () => {
  api = await openApi();
  caller = await api.workspace();
  const { workflowId } = await publish(caller.tenant, reviewed);
  runId = (await caller.call("POST", `/api/v1/workflows/${workflowId}/runs`, { body: {} })).body.id;
  await eventually(
    async () => (await caller.call("GET", `/api/v1/runs/${runId}`)).body.status === "waiting" || undefined,
  );
});
afterAll(() => api.stop());

const makeKey = async (more: object = {}) =>
  (
    await caller.call("POST", "/api/v1/api-keys", {
      body: { name: "Follower", scopes: ["runs:read"], ...more },
    })
  ).body;
const address = () => `${api.url}/api/v1/runs/${runId}/events`;

/** Follows the run until the server ends the stream. @param onOpen is called once something has come */
async function followUntilCut(key: string, onOpen: () => Promise<unknown> = async () => undefined) {
  let opened: Promise<unknown> | undefined;
  const events = await readEvents(address(), key, undefined, () => {
    opened ??= onOpen();
    return false;
  });
  await opened;
  return events;
}
const lastOf = (events: readonly ReceivedEvent[]) => events.at(-1);

test("a stream ends when its key expires, and says that", async () => {
  const { key, id } = await makeKey();
  const events = await followUntilCut(key, () =>
    readRows(api.ownerUrl, "update api_keys set expires_at = now() where id = $1", [id]),
  );
  expect(lastOf(events)).toMatchObject({
    name: "refused",
    // Whoever is let in again continues where they were.
    id: "",
    data: { code: "unauthenticated", detail: expect.stringContaining("This API key expired on 20") },
  });
  await expect(readEvents(address(), key)).rejects.toThrow(/401/);
});

test("a stream ends soon after its key was revoked, and says that", async () => {
  const { key, id } = await makeKey();
  const events = await followUntilCut(key, () => caller.call("DELETE", `/api/v1/api-keys/${id}`));
  expect(lastOf(events)).toMatchObject({
    name: "refused",
    data: { code: "unauthenticated", detail: expect.stringContaining("was revoked") },
  });
});

test("a stream ends soon after the maker of its key has left the workspace, and those of others go on", async () => {
  const colleague = await caller.colleague();
  const others = new AbortController();
  const other = fetch(address(), {
    headers: { authorization: `Bearer ${caller.key}` },
    signal: others.signal,
  });
  const events = await followUntilCut(colleague.key, () =>
    readRows(api.ownerUrl, "delete from members where user_id = $1", [colleague.userId]),
  );
  expect(lastOf(events)).toMatchObject({ name: "refused", data: { code: "unauthenticated" } });
  const reader = (await other).body?.getReader();
  expect((await reader?.read())?.done).toBe(false);
  others.abort();
});
