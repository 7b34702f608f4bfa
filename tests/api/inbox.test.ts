import { afterAll, beforeAll, expect, test } from "vitest";
import { call, type Caller, openApi, type TestApi } from "#/tests/support/api.ts";
import { failing, reviewed } from "#/tests/support/definitions.ts";
import { eventually } from "#/tests/support/eventually.ts";
import { publish } from "#/tests/support/publish.ts";

let api: TestApi;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.stop());

interface Item {
  readonly kind: "question" | "failure";
  readonly id: string;
  readonly refusal?: string | null;
  readonly approval?: { readonly title: string; readonly runId: string; readonly subject: string };
  readonly run?: { readonly id: string; readonly error: { readonly message: string } };
}

/** Runs a workflow until it stands so. */
async function makeRun(by: Caller, definition: Parameters<typeof publish>[1], status: string) {
  const { workflowId } = await publish(by.tenant, definition);
  const { body } = await by.call("POST", `/api/v1/workflows/${workflowId}/runs`, { body: { input: {} } });
  await eventually(
    async () => (await by.call("GET", `/api/v1/runs/${body.id}`)).body.status === status || undefined,
  );
  return body.id as string;
}
const asking = (title: string, more: object = {}) => ({
  ...reviewed,
  steps: { ...reviewed.steps, review: { type: "approval", title, ...more } },
});
const list = async (by: Caller, query = ""): Promise<{ items: readonly Item[]; nextCursor: string | null }> =>
  (await by.call("GET", `/api/v1/inbox${query}`)).body;
const runOf = ({ approval, run }: Item) => approval?.runId ?? run?.id;

test("questions and failed runs are one list: what decides itself first, then the newest, page by page", async () => {
  const caller = await api.workspace();
  const calm = await makeRun(caller, asking("Without a deadline?"), "waiting");
  const failed = await makeRun(caller, failing, "failed");
  const late = await makeRun(
    caller,
    asking("Next week?", { timeout: { after: "7d", then: "reject" } }),
    "waiting",
  );
  const soon = await makeRun(
    caller,
    asking("Today?", { timeout: { after: "2h", then: "reject" } }),
    "waiting",
  );
  const { items } = await list(caller);
  expect(items.map(runOf)).toEqual([soon, late, failed, calm]);
  expect(items.map(({ kind }) => kind)).toEqual(["question", "question", "failure", "question"]);
  expect(items[0]).toMatchObject({ refusal: null, approval: { title: "Today?", subject: "step" } });
  expect(items[2]?.run?.error.message).toMatch(/\w/);
  const paged: (string | undefined)[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const page = await list(caller, `?limit=1${cursor && `&cursor=${cursor}`}`);
    paged.push(...page.items.map(runOf));
    cursor = page.nextCursor;
  }
  expect(paged).toEqual([soon, late, failed, calm]);
});

test("a failed run leaves the inbox when it is retried or dismissed, and one that did not fail was never in it", async () => {
  const caller = await api.workspace();
  const [retried, dismissed] = [
    await makeRun(caller, failing, "failed"),
    await makeRun(caller, failing, "failed"),
  ];
  const dismiss = (id: string) => caller.call("POST", `/api/v1/runs/${id}/dismiss`);
  expect(await dismiss(dismissed)).toMatchObject({ status: 200, body: { id: dismissed } });
  expect((await dismiss(dismissed)).status).toBe(200);
  expect((await list(caller)).items.map(runOf)).toEqual([retried]);
  const { body } = await caller.call("POST", `/api/v1/runs/${retried}/retry`);
  await eventually(
    async () => (await list(caller)).items.some((item) => runOf(item) === body.id) || undefined,
  );
  expect((await list(caller)).items.map(runOf)).toEqual([body.id]);
  const waiting = await makeRun(caller, reviewed, "waiting");
  expect(await dismiss(waiting)).toMatchObject({ status: 409, body: { code: "wrong-status" } });
  const { body: audit } = await caller.call("GET", `/api/v1/runs?status=failed`);
  expect(audit.items.map(({ id }: { id: string }) => id)).toContain(dismissed);
});

test("whoever may not answer a question is told why", async () => {
  const caller = await api.workspace();
  await makeRun(caller, asking("Mine?", { selfApproval: false }), "waiting");
  const { items } = await list(caller);
  expect(items).toMatchObject([
    { refusal: "You have started this run, and this approval is for somebody else." },
  ]);
});

test("a workspace sees nothing of another one's inbox", async () => {
  const [ours, theirs] = [await api.workspace(), await api.workspace()];
  const failed = await makeRun(ours, failing, "failed");
  expect((await list(theirs)).items).toEqual([]);
  expect((await theirs.call("POST", `/api/v1/runs/${failed}/dismiss`)).status).toBe(404);
  expect((await list(ours)).items.map(runOf)).toEqual([failed]);
});

test("a decision that is sent again is made once, and whoever comes later is told who was faster and how it was decided", async () => {
  const caller = await api.workspace();
  const other = await caller.colleague();
  const run = await makeRun(caller, asking("Send it twice?"), "waiting");
  const [question] = (await list(caller)).items;
  const decide = (key: string, body: object, headers = {}) =>
    caller.call("POST", `/api/v1/approvals/${question?.id}/decision`, {
      body,
      headers: { "idempotency-key": key, ...headers },
    });
  const answer = { action: "approve", comment: "from the train" };
  const [first, second] = await Promise.all([decide("k1", answer), decide("k1", answer)]);
  expect([first.status, second.status]).toEqual([200, 200]);
  expect((await decide("k1", answer)).body).toMatchObject({ status: "decided", comment: "from the train" });
  expect(await decide("k1", { action: "reject" })).toMatchObject({
    status: 422,
    body: { code: "idempotency-key-reused" },
  });
  const late = await decide("k2", { action: "reject" }, { authorization: `Bearer ${other.key}` });
  expect(late).toMatchObject({ status: 409, body: { code: "already-decided" } });
  expect(late.body.detail).toBe("Test key has decided it already: approve.");
  await eventually(
    async () => (await caller.call("GET", `/api/v1/runs/${run}`)).body.status === "succeeded" || undefined,
  );
  const [audit] = await caller.tenant.batch((query) => [
    query.selectFrom("audit_log").select("id").where("action", "=", "approval.decided"),
  ]);
  expect(audit).toHaveLength(1);
});

test("equal questions are answered at once, each for itself: what is refused is told and stands in the way of none", async () => {
  const [caller, stranger] = [await api.workspace(), await api.workspace()];
  const runs = [await makeRun(caller, reviewed, "waiting"), await makeRun(caller, reviewed, "waiting")];
  const decided = (await list(caller)).items.map(({ id }) => id);
  const [alien] = [await makeRun(stranger, reviewed, "waiting")];
  const [theirs] = (await list(stranger)).items.map(({ id }) => id);
  const decide = (body: object) => caller.call("POST", "/api/v1/approvals/decisions", { body });
  const [first, second] = decided;
  expect(await decide({ ids: [first, first], action: "approve", comment: "alike" })).toMatchObject({
    status: 200,
    body: { outcomes: [{ id: first, refusal: null }] },
  });
  const { body } = await decide({ ids: [first, theirs, second], action: "approve" });
  expect(body.outcomes).toEqual([
    { id: first, refusal: "This approval is decided." },
    { id: theirs, refusal: "There is no such approval." },
    { id: second, refusal: null },
  ]);
  for (const id of runs)
    await eventually(
      async () => (await caller.call("GET", `/api/v1/runs/${id}`)).body.status === "succeeded" || undefined,
    );
  expect((await stranger.call("GET", `/api/v1/runs/${alien}`)).body.status).toBe("waiting");
  expect((await decide({ ids: [], action: "approve" })).status).toBe(422);
  const [audit] = await caller.tenant.batch((query) => [
    query.selectFrom("audit_log").select("target_id").where("action", "=", "approval.decided"),
  ]);
  expect(audit.map((row) => row.target_id).toSorted()).toEqual([...decided].toSorted());
});

test("what is mine comes from runs that I have started, by hand or through what I made, and is for me to answer", async () => {
  const caller = await api.workspace();
  const colleague = await caller.colleague("member");
  const theirs = (method: string, path: string, options: { readonly body?: unknown } = {}) =>
    call(api.url + path, method, { ...options, headers: { authorization: `Bearer ${colleague.key}` } });
  const asColleague: Caller = { ...caller, call: theirs };
  const own = await makeRun(caller, asking("Of mine?"), "waiting");
  const ownFailed = await makeRun(caller, failing, "failed");
  const forOthers = await makeRun(caller, asking("For others?", { selfApproval: false }), "waiting");
  const ofColleague = await makeRun(asColleague, asking("Of a colleague?"), "waiting");
  const listMine = async (by: Caller) => new Set((await list(by, "?whose=mine")).items.map(runOf));
  expect(await listMine(caller)).toEqual(new Set([own, ownFailed]));
  expect(await listMine(asColleague)).toEqual(new Set([ofColleague]));
  const everything = new Set([own, ownFailed, forOthers, ofColleague]);
  expect(new Set((await list(caller)).items.map(runOf))).toEqual(everything);
  expect(new Set((await list(asColleague, "?whose=team")).items.map(runOf))).toEqual(everything);
  // Page by page it is the same list.
  const first = await list(caller, "?whose=mine&limit=1");
  const second = await list(caller, `?whose=mine&limit=1&cursor=${first.nextCursor}`);
  expect(new Set([...first.items, ...second.items].map(runOf))).toEqual(new Set([own, ownFailed]));
  expect((await caller.call("GET", "/api/v1/inbox?whose=nobody")).status).toBe(422);
});
