import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createApiKey } from "#/db/api-keys.ts";
import { openDatabase } from "#/db/client.ts";
import { generateApiKey } from "#/lib/auth/api-key.ts";
import { idFromClerk } from "#/lib/auth/identifier.ts";
import { deleteLeftovers } from "#/local/move/move-workspace.ts";
import { type Answer, call } from "#/tests/support/api.ts";
import { type CloudRegion, startCloudRegion } from "#/tests/support/cloud-region.ts";
import { chain } from "#/tests/support/definitions.ts";
import { eventually } from "#/tests/support/eventually.ts";
import { publish } from "#/tests/support/publish.ts";
import { listKeys, listTablesWith } from "#/tests/support/region-contents.ts";
import { move, withPlaces } from "#/tests/support/regions.ts";

// Two deployments that run, each with a cloud of its own, watched while a workspace works in one of them and moves to the other.

/** In the input, the file, the memory and the store, and so in every answer that is made of them. */
const MARKER = "zanzibarite";
const CLERK = { user: "user_traffic", organization: "org_traffic" };
const workspaceId = idFromClerk(CLERK.organization);

/** All that a deployment may know of a workspace that lives in another one: what the identity provider tells to each, and that copies made before are over. */
const GLOBAL = { tables: ["members", "workspaces"], keys: [`kept:${workspaceId}`] };
/** What a deployment keeps of a workspace that has left, so that callers learn the new address. */
const KEPT_AFTER = ["api_keys", "audit_log", "members", "workspace_moves", "workspaces"];
const OWN_CLOUD = ["database", "kv", "models", "queue", "vectors"];

const WORK = chain(
  {
    keep: { type: "store", action: "put", namespace: "notes", key: "last", value: "{{ input.topic }}" },
    find: { type: "search", query: "{{ input.topic }}" },
    learn: { type: "tool", tool: "memory_save", input: { text: "We have looked for {{ input.topic }}" } },
    recall: { type: "tool", tool: "memory_search", input: { query: "{{ input.topic }}" } },
    tell: { type: "llm", prompt: "What is {{ input.topic }}? {{ state.find }}" },
    ask: { type: "approval", title: "Go on with {{ input.topic }}?" },
    pause: { type: "wait", for: "1s" },
  },
  {
    input: { type: "object", properties: { topic: { type: "string" } } },
    output: { said: "{{ state.tell }}" },
  },
);

let eu: CloudRegion;
let us: CloudRegion;
let key: string;
let workflowId: string;
const runs: string[] = [];
beforeAll(async () => {
  [eu, us] = [await startCloudRegion("eu"), await startCloudRegion("us")];
  const joined = {
    type: "organizationMembership.created",
    object: "event",
    timestamp: Date.now(),
    data: {
      organization: { id: CLERK.organization, name: "Traffic Works", slug: "traffic" },
      public_user_data: { user_id: CLERK.user, first_name: "Ada", last_name: "Test" },
      role: "org:admin",
    },
  };
  for (const region of [eu, us]) await region.tellIdentity(joined);
  const db = openDatabase(eu.database.runtimeUrl, 1);
  const tenant = db.tenant({ workspaceId, userId: idFromClerk(CLERK.user) });
  const { key: made, hash, prefix } = generateApiKey();
  const row = { id: randomUUID(), name: "k", prefix, hash, scopes: ["admin"], expiresAt: null } as const;
  await createApiKey(tenant, row);
  key = made;
  ({ workflowId } = await publish(tenant, WORK));
  await db.close();
  forgetTraffic();
});
afterAll(async () => {
  await eu?.stop();
  await us?.stop();
});

const ask = (region: CloudRegion, method: string, path: string, body?: unknown): Promise<Answer> =>
  call(`${region.url}${path}`, method, {
    headers: { authorization: `Bearer ${key}` },
    ...(body !== undefined && { body }),
  });

const whenIt = (region: CloudRegion, path: string, status: string) =>
  eventually(async () => (await ask(region, "GET", path)).body.status === status || undefined);

async function storeFile(region: CloudRegion, name: string): Promise<void> {
  const text = `# Stones\n\nThe ${MARKER} is a pile of stones that marks a path.`;
  const { body } = await ask(region, "POST", "/api/v1/documents", { name, text });
  await whenIt(region, `/api/v1/documents/${body.id}`, "ready");
}

async function startRun(region: CloudRegion): Promise<string> {
  const path = `/api/v1/workflows/${workflowId}/runs`;
  const { body } = await ask(region, "POST", path, { input: { topic: MARKER } });
  runs.push(body.id);
  await whenIt(region, `/api/v1/runs/${body.id}`, "waiting");
  return body.id;
}

async function approve(region: CloudRegion, run: string): Promise<void> {
  const { body } = await ask(region, "GET", `/api/v1/approvals?run=${run}`);
  await ask(region, "POST", `/api/v1/approvals/${body.items[0].id}/decision`, { action: "approve" });
  await whenIt(region, `/api/v1/runs/${run}`, "succeeded");
}

const ticks = () => Promise.all([eu.tick(), us.tick()]);
const words = () => [MARKER, workspaceId, ...runs];
/** The services of a region that were asked something about the workspace. */
const listAsked = ({ traffic }: CloudRegion) =>
  Object.entries(traffic)
    .filter(([, seen]) => seen.some((request) => words().some((word) => request.includes(word))))
    .map(([service]) => service);
const forgetTraffic = () => {
  for (const { traffic } of [eu, us]) for (const seen of Object.values(traffic)) seen.length = 0;
};

async function readVectors({ vectors }: CloudRegion): Promise<string> {
  const pages = [];
  for await (const page of vectors.read()) pages.push(page);
  return JSON.stringify(pages);
}

test("what a workspace does stays in its region: the other one's cloud is asked nothing, and its database knows what the identity provider tells", async () => {
  await storeFile(eu, "one.md");
  await approve(eu, await startRun(eu));
  await startRun(eu);
  await ticks();
  expect(listAsked(eu)).toEqual(["queue", "kv", "vectors", "models"]);
  expect(await listTablesWith(eu.database, [MARKER])).toEqual(
    expect.arrayContaining([
      "agent_logs",
      "agent_sessions",
      "approvals",
      "memories",
      "store",
      "vector_metadata",
    ]),
  );
  expect(eu.listReached()).toEqual(OWN_CLOUD);

  expect(listAsked(us)).toEqual([]);
  expect(us.listReached().filter((service) => !OWN_CLOUD.includes(service))).toEqual([]);
  expect(await listTablesWith(us.database, words())).toEqual(GLOBAL.tables);
  expect(await listKeys(us.kv, words())).toEqual(GLOBAL.keys);
  expect(await readVectors(us)).toBe("[]");
  for (const word of words()) expect(await us.readMessages()).not.toContain(word);
});

test("after a move nothing more of it is asked of the region that it has left, and once its copy is deleted nothing of it is there", async () => {
  const [, waiting = ""] = runs;
  expect(await listKeys(eu.kv, [workspaceId])).not.toEqual([]);
  await move(eu, us, workspaceId);
  forgetTraffic();
  await ticks();
  await approve(us, waiting);
  await storeFile(us, "two.md");
  await approve(us, await startRun(us));
  await ticks();
  expect(await ask(eu, "GET", `/api/v1/runs/${waiting}`)).toMatchObject({
    status: 410,
    body: { code: "workspace-moved" },
  });
  expect(listAsked(us)).toEqual(["queue", "kv", "vectors", "models"]);
  expect(us.listReached()).toEqual(OWN_CLOUD);
  expect(listAsked(eu)).toEqual([]);

  await withPlaces([eu, us], (from, to) =>
    deleteLeftovers({ from, to, workspace: workspaceId, reached: () => undefined }),
  );
  await ticks();
  expect(eu.listReached()).toEqual(OWN_CLOUD);
  expect(listAsked(eu)).toEqual([]);
  expect(await listTablesWith(eu.database, words())).toEqual(KEPT_AFTER);
  expect(await listTablesWith(eu.database, [MARKER])).toEqual([]);
  expect(await listKeys(eu.kv, words())).toEqual([]);
  expect(await readVectors(eu)).toBe("[]");
  expect(await eu.readMessages()).not.toContain(MARKER);
  await approve(us, await startRun(us));
});
