import { randomUUID } from "node:crypto";
import http from "node:http";
import { toJsonSchema } from "@valibot/to-json-schema";
import { Webhook } from "standardwebhooks";
import * as v from "valibot";
import { Client } from "pg";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { NamedContract } from "#/operations/contracts.ts";
import { ProblemDocument } from "#/lib/http/problem.ts";
import { type Caller, openApi, type TestApi } from "#/tests/support/api.ts";
import { routeRequest } from "#/tests/support/app-server.ts";
import { fillWorkspace } from "#/tests/support/filled-workspace.ts";
import { publish } from "#/tests/support/publish.ts";
import { NAMES, rightBody } from "#/tests/support/right-bodies.ts";
import { seededRandom } from "#/tests/support/random.ts";
import { pick, type ValueSource, valueFor } from "#/tests/support/schema-values.ts";

// Every operation, with requests made from its contract: whatever is sent, the answer is one that the contract promises, and never a 5xx.
const REQUESTS = Number(process.env["FUZZ_REQUESTS"] ?? 20_000);
const SEED = Number(process.env["FUZZ_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
const AT_ONCE = 8;
const MOST_ROUNDS = 20;

// Far more requests than a workspace may send.
vi.mock("#/lib/cloud/limits.ts", async (original) => ({
  ...(await original<object>()),
  limitRequests: async () => ({ allowed: true, limit: 1, remaining: 1, resetAt: 0 }),
}));

const ASKING = {
  format: "cairn/v1",
  name: "Asking",
  kind: "graph",
  steps: { ask: { type: "approval", title: "Go?" } },
  edges: [
    { from: "start", to: "ask" },
    { from: "ask", to: "end" },
  ],
};

const random = seededRandom(SEED);
let api: TestApi;
let caller: Caller;
let queue: http.Server;
let hook: { id: string; url: string; secret: string };
let operations: readonly NamedContract[];
/** Ids of what there is, by the noun of its route. */
const ids: Record<string, string[]> = {};

beforeAll(async () => {
  console.log(`fuzz: ${REQUESTS} requests, seed ${SEED} (FUZZ_REQUESTS and FUZZ_SEED choose others)`);
  api = await openApi({ knowledge: true });
  // Nothing that is started is carried out: this is about the doors.
  queue = http.createServer((_request, response) => response.end('[{"messageId":"m"}]'));
  await new Promise<void>((resolve) => queue.listen(0, "127.0.0.1", resolve));
  const address = queue.address();
  process.env["QSTASH_URL"] = `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
  caller = await api.workspace();
  await (await import("#/lib/cloud/vectors.ts")).ensureIndex(1024);
  operations = (await import("#/operations/contracts.ts")).CONTRACTS;
  const { workflowId } = await publish(caller.tenant, ASKING);
  ids["workflows"] = [workflowId];
  // The caller's own key comes first: what comes first is not deleted.
  ids["apiKeys"] = [(await caller.call("GET", "/api/v1/me")).body.id];
  await filled();
  hook = (await caller.call("POST", "/api/v1/webhooks", { body: { workflowId, name: "Hook" } })).body;
  ids["webhooks"] = [hook.id];
});
afterAll(async () => {
  queue.close();
  await api.stop();
});

/** Something of everything. */
async function filled(): Promise<void> {
  const owner = new Client({ connectionString: api.ownerUrl });
  await owner.connect();
  await fillWorkspace(owner, caller.workspaceId);
  // Rows that say what no product would have written.
  await owner.query("update workflow_versions set definition = $2 where workspace_id = $1 and source = ''", [
    caller.workspaceId,
    ASKING,
  ]);
  for (const table of ["checkpoints", "checkpoint_blobs", "checkpoint_writes"])
    await owner.query(`delete from ${table} where workspace_id = $1`, [caller.workspaceId]);
  await owner.query("delete from webhooks where workspace_id = $1", [caller.workspaceId]);
  await owner.end();
  for (const { noun, contract } of operations.filter(
    ({ name, contract: { path } }) => name.startsWith("list") && !path.includes("{"),
  )) {
    const { body } = await caller.call("GET", contract.path);
    const known = (ids[noun] ??= []);
    known.push(...body.items.flatMap((item: { id?: string }) => item.id ?? []));
  }
}

const source: ValueSource = {
  random,
  id: () => pick(random, Object.values(ids).flat().slice(-200)),
  named: {
    definition: () => (random() < 0.5 ? ASKING : JSON.stringify(ASKING)),
    workflowId: () => ids["workflows"]?.[0],
    workflow: () => ids["workflows"]?.[0],
    input: () => ({ topic: "x" }),
    cron: () => pick(random, ["*/5 * * * *", "0 0 1 1 *", "@daily", "61 * * * *"]),
    timezone: () => pick(random, ["UTC", "Europe/Berlin", "Mars/Olympus"]),
    hosts: () => ["api.example.com"],
    step: () => "ask",
    version: () => 1,
    action: () => "approve",
  },
};
const schemas = new Map<v.GenericSchema, unknown>();

function readSchema(schema: v.GenericSchema): unknown {
  const known = schemas.get(schema) ?? toJsonSchema(schema, { typeMode: "input", errorMode: "ignore" });
  schemas.set(schema, known);
  return known;
}

const HOSTILE_PIECES = ["1", "%00", "%25", "x".repeat(300), "%F0%9F%92%A5", "null", "2147483648", "'"];

function pickName(noun: string, method: string): string {
  const names = NAMES[noun] ?? ["x"];
  return method === "DELETE" ? (names.at(-1) ?? "x") : pick(random, names);
}

function makePath({ noun, contract }: NamedContract): string {
  return contract.path.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => {
    if (random() < 0.05) return pick(random, HOSTILE_PIECES);
    if (name === "version") return String(Math.floor(random() * 3));
    if (name === "name") return pickName(noun, contract.method);
    if (name === "token") return random() < 0.8 ? (hook.url.split("/").at(-1) ?? "") : randomUUID();
    // Only the first webhook is called, so that only it has deliveries.
    if (name === "id" && contract.path.includes("{deliveryId}") && random() < 0.9) return hook.id;
    const own =
      ids[
        name === "deliveryId" ? "deliveries" : contract.path.includes("/workflows/") ? "workflows" : noun
      ] ?? [];
    // What was there first is not deleted, so that there is always something to ask for.
    const known =
      contract.method === "DELETE"
        ? own.filter((it) => it !== own[0]).slice(-50)
        : random() < 0.5
          ? own.slice(0, 1)
          : own.slice(-50);
    const id = known.length > 0 && random() < 0.9 ? pick(random, known) : randomUUID();
    return random() < 0.1 ? id.toUpperCase() : id;
  });
}

const CURSORS = [
  `${"9".repeat(18)}_${randomUUID()}`,
  `${"9".repeat(16)}_${randomUUID()}`,
  `1764000000000000_${randomUUID()}`,
  `5_${randomUUID()}`,
  "x",
].map((text) => Buffer.from(text).toString("base64url"));

function makeQuery({ contract }: NamedContract): string {
  const given = new URLSearchParams();
  for (const name of Object.keys(contract.query?.entries ?? {})) {
    if (random() < 0.7) continue;
    const values = { cursor: CURSORS, limit: ["1", "100", "0", "1e3", "-1"], wait: ["0", "0", "61", "x"] }[
      name
    ] ?? [source.id(), "failed", "open", "api", "ready", "\0", "nonsense"];
    given.append(name, pick(random, values));
  }
  if (random() < 0.01) given.append(pick(random, ["workflowId", "limit", "__proto__", "\0"]), "1");
  return given.size > 0 ? `?${given}` : "";
}

function makeBody({ name, contract }: NamedContract): string | undefined {
  if (!contract.body) return random() < 0.02 ? "{}" : undefined;
  if (random() < 0.03)
    return pick(random, [
      "",
      "{",
      "[]",
      "null",
      '"\\ud800"',
      '{"a":1e999}',
      `${"[".repeat(5_000)}${"]".repeat(5_000)}`,
      "\u0000",
      '{"a":12345678901234567890}',
    ]);
  const right = random() < 0.4 ? rightBody(name, random) : undefined;
  return right ?? JSON.stringify(valueFor(readSchema(contract.body), source));
}

function makeHeaders(body: string | undefined): Record<string, string> {
  const headers: Record<string, string> = { authorization: `Bearer ${caller.key}` };
  if (body !== undefined)
    headers["content-type"] =
      random() < 0.97
        ? "application/json"
        : pick(random, [
            "text/plain",
            "multipart/form-data; boundary=x",
            "application/json; charset=utf-16",
            "x",
          ]);
  if (random() < 0.2)
    headers["idempotency-key"] = pick(random, ["a", "ä", "x".repeat(256), "same", randomUUID()]);
  if (random() < 0.05) headers["content-encoding"] = pick(random, ["gzip", "identity", "x"]);
  if (random() < 0.05) headers["last-event-id"] = pick(random, ["1~0", "9~9", "x"]);
  return headers;
}

function signed(body: string): Record<string, string> {
  const [id, at] = [pick(random, ["same", randomUUID()]), new Date()];
  return {
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
    "webhook-signature": random() < 0.9 ? new Webhook(hook.secret).sign(id, at, body) : "v1,x",
  };
}

function makeRequest(operation: NamedContract): Request {
  const { contract } = operation;
  const body = makeBody(operation);
  const isHook = contract.access === "webhook-signature";
  const headers = isHook ? { ...makeHeaders(body), ...signed(body ?? "") } : makeHeaders(body);
  return new Request(api.url + makePath(operation) + makeQuery(operation), {
    method: contract.method,
    headers,
    ...(body !== undefined && contract.method !== "GET" && { body }),
  });
}

/** Why an answer is none that the contract promises. */
async function whatIsWrong({ contract }: NamedContract, response: Response): Promise<string | undefined> {
  if (response.status >= 500) return await response.text();
  const isStream = response.headers.get("content-type")?.startsWith("text/event-stream");
  if (isStream) {
    await response.body?.cancel();
    return undefined;
  }
  const text = await response.text();
  const refused = contract.responses[response.status]?.body;
  if (response.status >= 400)
    return misfit(refused ? v.union([refused, ProblemDocument]) : ProblemDocument, text);
  const promised = contract.responses[response.status];
  if (!promised) return `status ${response.status} is not in the contract`;
  if (promised.body) return misfit(promised.body, text);
  return text === "" || contract.access === "metrics-token"
    ? undefined
    : `an answer without a body has one: ${text}`;
}

function misfit(schema: v.GenericSchema, text: string): string | undefined {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), text);
  return parsed.success
    ? undefined
    : `${parsed.issues.map((issue) => `${v.getDotPath(issue)}: ${issue.message}`).join("; ")} in ${text.slice(0, 500)}`;
}

/** What was made is there for later requests. */
function remember({ noun, contract }: NamedContract, answer: unknown): void {
  if (typeof answer !== "object" || answer === null) return;
  const items = "items" in answer && Array.isArray(answer.items) ? answer.items : [answer];
  const made = ["runs", "deliveries"].find((kind) => contract.path.endsWith(`/${kind}`)) ?? noun;
  for (const item of items.slice(0, 5)) if (typeof item?.id === "string") (ids[made] ??= []).push(item.id);
}

test(
  `${REQUESTS} requests made from the contracts are answered as the contracts say, and none by a 5xx`,
  { timeout: 1_200_000 },
  async () => {
    const wrong: string[] = [];
    const statuses: Record<string, Record<number, number>> = {};
    const ask = async (operation: NamedContract) => {
      const request = makeRequest(operation);
      const copy = request.clone();
      const response = await routeRequest(request);
      const shown = response.headers.get("content-type")?.includes("json")
        ? await response.clone().json()
        : undefined;
      const problem = await whatIsWrong(operation, response);
      if (problem !== undefined)
        wrong.push(
          `${operation.name} ${copy.url} ${await copy.text().then((text) => text.slice(0, 300))} → ${response.status} ${problem}`,
        );
      else if (response.ok) remember(operation, shown);
      const counts = (statuses[operation.name] ??= {});
      counts[response.status] = (counts[response.status] ?? 0) + 1;
    };
    const askInTurn = async (among: readonly NamedContract[], requests: number) => {
      let sent = 0;
      const work = async () => {
        while (sent < requests && wrong.length < 40) {
          const operation = among[sent % among.length];
          sent += 1;
          if (operation) await ask(operation);
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
    };
    const neverRight = () =>
      operations.filter(
        ({ name }) =>
          !RARELY_RIGHT.has(name) &&
          !Object.keys(statuses[name] ?? {}).some((status) => Number(status) < 300),
      );
    await askInTurn(operations, REQUESTS);
    // Requests that are all refused would prove nothing. What was refused by chance alone is asked for again with its noun's others.
    for (let round = 0; round < MOST_ROUNDS && neverRight().length > 0; round += 1) {
      const among = operations.filter(({ noun }) => neverRight().some((never) => never.noun === noun));
      await askInTurn(among, 1_000);
    }
    expect(wrong, `seed ${SEED}`).toEqual([]);
    expect(
      neverRight().map(({ name }) => `${name} ${JSON.stringify(statuses[name])}`),
      `seed ${SEED}`,
    ).toEqual([]);
  },
);

/**
 * What nothing here is in a state for: no run is carried out, and no token of the deployment is sent. Whether a message can be delivered
 * again is up to what other requests have made of the webhook and of the limits by then. MCP has messages of its own, and no server of another
 * is there to sign in to: tests/wires and tests/api/connection-sign-ins have them.
 */
const RARELY_RIGHT: ReadonlySet<string> = new Set([
  "decideApproval",
  "dismissRun",
  "approvalLink",
  "forkRun",
  "retryRun",
  "metrics",
  "redeliver",
  "callMcp",
  "signInToMcpServer",
  "signInToConnection",
]);
