import { afterAll, beforeAll, expect, test } from "vitest";
import { type Caller, openApi, type TestApi } from "#/tests/support/api.ts";
import { echo, failing, reviewed } from "#/tests/support/definitions.ts";
import { eventually } from "#/tests/support/eventually.ts";
import { publish } from "#/tests/support/publish.ts";

let api: TestApi;
let caller: Caller;
beforeAll(async () => {
  api = await openApi();
  caller = await api.workspace();
});
afterAll(() => api.stop());

interface Listed {
  readonly id: string;
  readonly status: string;
  readonly summary: string | null;
}

/** Runs a workflow until it stands so. */
async function makeRun(definition: Parameters<typeof publish>[1], status: string, input = {}, by = caller) {
  const { workflowId } = await publish(by.tenant, definition);
  const { body } = await by.call("POST", `/api/v1/workflows/${workflowId}/runs`, { body: { input } });
  await eventually(
    async () => (await by.call("GET", `/api/v1/runs/${body.id}`)).body.status === status || undefined,
  );
  return body.id as string;
}

const list = async (query: string, by = caller): Promise<readonly Listed[]> =>
  (await by.call("GET", `/api/v1/runs?${query}`)).body.items;
const find = async (words: string, by = caller) =>
  (await list(`search=${encodeURIComponent(words)}`, by)).map(({ id }) => id);

test("a run tells its answer, its question or its error in one line", async () => {
  const [answered, asked, failed] = [
    await makeRun(echo, "succeeded", { topic: "# Ferries\n\nleave at seven" }),
    await makeRun(reviewed, "waiting"),
    await makeRun(failing, "failed"),
  ];
  const said = new Map((await list("limit=50")).map(({ id, summary }) => [id, summary]));
  expect(said.get(answered)).toBe("Ferries");
  expect(said.get(asked)).toBe("Publish?");
  const { body } = await caller.call("GET", `/api/v1/runs/${failed}`);
  expect(said.get(failed)).toBe(body.error.message.split("\n")[0].slice(0, 200));
  expect(body.summary).toBe(said.get(failed));
});

test("a run is found by words of its input, its output and its error, by how they begin, and by its id", async () => {
  const run = await makeRun(echo, "succeeded", { topic: "The Größenwahn invoice 20731-B" });
  expect(await find("größenwahn")).toEqual([run]);
  expect(await find("INVOICE 2073")).toEqual([run]);
  expect(await find("invoice absent")).toEqual([]);
  // What the workflow has made of it: its output alone says "again".
  expect(await find("20731 again")).toEqual([run]);
  expect(await find(run)).toEqual([run]);
  expect(await find(run.slice(-6))).toEqual([run]);
  const failed = await makeRun(failing, "failed");
  const { body } = await caller.call("GET", `/api/v1/runs/${failed}`);
  expect(await find(body.error.message)).toContain(failed);
});

test("signs that mean something to a search engine are words, or nothing", async () => {
  for (const words of ["' | !a & b:*", "\\", "a'b", "<->", "%", "( ("])
    expect((await caller.call("GET", `/api/v1/runs?search=${encodeURIComponent(words)}`)).status).toBe(200);
  expect(await find("!!!")).toEqual([]);
  expect((await caller.call("GET", "/api/v1/runs?search=")).status).toBe(422);
  expect((await caller.call("GET", `/api/v1/runs?search=${"x".repeat(201)}`)).status).toBe(422);
});

test("nobody finds the runs of another workspace", async () => {
  const other = await api.workspace();
  const theirs = await makeRun(echo, "succeeded", { topic: "quicksilver" }, other);
  expect(await find("quicksilver", other)).toEqual([theirs]);
  expect(await find("quicksilver")).toEqual([]);
});

test("a list keeps to the time that is asked for", async () => {
  const other = await api.workspace();
  const run = await makeRun(echo, "succeeded", { topic: "now" }, other);
  const moment = (ms: number) => encodeURIComponent(new Date(Date.now() + ms).toISOString());
  expect((await list(`from=${moment(-600_000)}&to=${moment(600_000)}`, other)).map(({ id }) => id)).toEqual([
    run,
  ]);
  expect(await list(`from=${moment(600_000)}`, other)).toEqual([]);
  expect(await list(`to=${moment(-600_000)}`, other)).toEqual([]);
});

test("the runs of the last day are counted by status, those of a workspace alone", async () => {
  const other = await api.workspace();
  await makeRun(echo, "succeeded", { topic: "one" }, other);
  await makeRun(echo, "succeeded", { topic: "two" }, other);
  await makeRun(reviewed, "waiting", {}, other);
  const { body } = await other.call("GET", "/api/v1/run-counts");
  const total = (status: string) =>
    body.items
      .filter((item: Listed) => item.status === status)
      .reduce((sum: number, { count }: { count: number }) => sum + count, 0);
  expect([total("succeeded"), total("waiting"), total("failed")]).toEqual([2, 1, 0]);
  expect(body.items.every(({ at }: { at: string }) => Date.parse(at) % 1_200_000 === 0)).toBe(true);
});
