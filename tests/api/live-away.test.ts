import { createServer, type Server } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { closeServer, listenOnLoopback } from "#/local/loopback.ts";
import { type Caller, openApi, type TestApi } from "#/tests/support/api.ts";
import { echo, reviewed } from "#/tests/support/definitions.ts";
import { eventually } from "#/tests/support/eventually.ts";
import { readEvents, type ReceivedEvent } from "#/tests/support/event-source.ts";
import { publish } from "#/tests/support/publish.ts";

let api: TestApi;
let caller: Caller;
let hanging: Server;
beforeAll(async () => {
  api = await openApi();
  hanging = createServer(() => undefined);
  process.env["KV_REST_API_URL"] = `http://127.0.0.1:${await listenOnLoopback(hanging, 0)}`;
  caller = await api.workspace();
});
afterAll(async () => {
  hanging.closeAllConnections();
  await closeServer(hanging);
  await api.stop();
});

const start = async (definition: unknown) => {
  const { workflowId } = await publish(caller.tenant, definition);
  const { body } = await caller.call("POST", `/api/v1/workflows/${workflowId}/runs`, {
    body: { input: { topic: "hello" } },
  });
  return { id: body.id, events: `${api.url}/api/v1/runs/${body.id}/events` };
};
const listSteps = (events: readonly ReceivedEvent[]) =>
  events.filter(({ name }) => name === "step").map(({ data }) => data.step);

test("while the store for live output hangs, runs continue and their followers get every step and the end", async () => {
  const run = await start(echo);
  const events = await readEvents(run.events, caller.key);
  expect(listSteps(events)).toEqual(["note", "again"]);
  expect(events.at(-1)).toMatchObject({ name: "end", data: { status: "succeeded" } });
});

test("and what people do to a run reaches those who watch it", async () => {
  const run = await start(reviewed);
  await eventually(async () =>
    (await caller.call("GET", `/api/v1/runs/${run.id}`)).body.status === "waiting" ? true : undefined,
  );
  const watching = readEvents(run.events, caller.key);
  await caller.call("POST", `/api/v1/runs/${run.id}/cancel`);
  expect((await watching).at(-1)).toMatchObject({ name: "end", data: { status: "cancelled" } });
});
