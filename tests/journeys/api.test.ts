import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Product, startProduct } from "#/tests/support/product.ts";

// The whole product over HTTP, as a script of a user would use it.
let product: Product;
beforeAll(async () => {
  product = await startProduct();
});
afterAll(() => product?.stop());

interface Run {
  readonly id: string;
  readonly status: string;
  readonly output: Record<string, unknown> | null;
}

async function read<T>(path: string): Promise<T> {
  const response = await product.api(path);
  expect(response.status, path).toBe(200);
  return (await response.json()) as T;
}

async function until(id: string, status: string): Promise<Run> {
  for (let tries = 0; tries < 200; tries += 1) {
    const run = await read<Run>(`/api/v1/runs/${id}`);
    if (run.status === status) return run;
    if (["failed", "cancelled", "timed_out"].includes(run.status)) throw new Error(JSON.stringify(run));
    await sleep(100);
  }
  throw new Error(`Run ${id} did not become ${status}.`);
}

async function workflowNamed(name: string): Promise<string> {
  const { items } = await read<{ items: { id: string; name: string }[] }>("/api/v1/workflows");
  return items.find((workflow) => workflow.name === name)?.id ?? "";
}

function signed(
  body: string,
  { id = `msg_${randomUUID()}`, at = new Date(), secret = product.webhookSecret } = {},
) {
  const signature = new Webhook(secret).sign(id, at, body);
  return {
    method: "POST",
    body,
    headers: {
      "content-type": "application/json",
      "webhook-id": id,
      "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
      "webhook-signature": signature,
    },
  };
}

describe("a newcomer's first hour", () => {
  test("finds a run that waits for approval, approves it, and reads a cited brief", async () => {
    const { items } = await read<{ items: { id: string; runId: string; shown: string }[] }>(
      "/api/v1/approvals?status=open",
    );
    expect(items).toHaveLength(1);
    const [approval] = items;
    expect(approval?.shown).toMatch(/47 minutes.*\[/s);
    const decided = await product.api(`/api/v1/approvals/${approval?.id}/decision`, {
      json: { action: "approve", comment: "looks right" },
    });
    expect(decided.status).toBe(200);
    const run = await until(approval?.runId ?? "", "succeeded");
    expect(String(run.output?.["brief"])).toMatch(/certificate/);
    expect(String(run.output?.["brief"])).toMatch(/\[incident-2026-03/);
  });

  test("starts a run by the signed webhook, and a repeated message starts no second one", async () => {
    const message = signed(JSON.stringify({ question: "What does the Team plan cost?" }));
    const first = await fetch(product.webhookUrl, message);
    expect(first.status).toBe(202);
    const { runId } = (await first.json()) as { runId: string };
    const run = await until(runId, "succeeded");
    expect(JSON.stringify(run.output)).toContain("24 euros");
    const again = await fetch(product.webhookUrl, message);
    expect(await again.json()).toMatchObject({ runId });
  });

  test("gets the finished run at once when it waits for it", async () => {
    const id = await workflowNamed("Support answer");
    const response = await product.api(`/api/v1/workflows/${id}/runs?wait=30`, {
      json: { input: { question: "How long are backups kept?" } },
    });
    expect(response.status).toBe(200);
    expect(JSON.stringify(await response.json())).toContain("35 days");
  });

  test("runs a crew and a direct call", async () => {
    for (const [name, input] of [
      ["Weekly review crew", { topic: "the billing outage" }],
      ["Quick question", { question: "Where is data stored?" }],
    ] as const) {
      const response = await product.api(`/api/v1/workflows/${await workflowNamed(name)}/runs?wait=30`, {
        json: { input },
      });
      expect(response.status, name).toBe(200);
      expect(((await response.json()) as Run).status, name).toBe("succeeded");
    }
  });

  test("follows a run by server-sent events from its beginning to its end", async () => {
    const started = await product.api(`/api/v1/workflows/${await workflowNamed("Quick question")}/runs`, {
      json: { input: { question: "Can I cancel at any time?" } },
    });
    const { id } = (await started.json()) as { id: string };
    const response = await product.api(`/api/v1/runs/${id}/events`);
    expect(response.headers.get("content-type")).toContain("text/event-stream");
    const text = await response.text();
    expect(text).toMatch(/event: step[\s\S]*"kind":"tool"/);
    expect(text.trim().split("\n\n").at(-1)).toContain("event: end");
    const ids = [...text.matchAll(/^id: (.+)$/gm)].map((match) => match[1]);
    const resumed = await product.api(`/api/v1/runs/${id}/events`, {
      headers: { "last-event-id": ids[1] ?? "" },
    });
    const rest = await resumed.text();
    expect([...rest.matchAll(/^id: (.+)$/gm)].map((match) => match[1])).not.toContain(ids[0]);
  });

  test("sees the schedule fire", async () => {
    const id = await workflowNamed("Support answer");
    const made = await product.api("/api/v1/schedules", {
      json: {
        workflowId: id,
        cron: "* * * * *",
        timezone: "Asia/Tokyo",
        input: { question: "Where is data stored?" },
      },
    });
    expect(made.status).toBe(201);
    for (let tries = 0; tries < 130; tries += 1) {
      const { items } = await read<{ items: Run[] }>("/api/v1/runs?trigger=schedule");
      if (items.some((run) => run.status === "succeeded")) return;
      await sleep(1000);
    }
    throw new Error("No scheduled run has succeeded within 130 s.");
  });
});

describe("bad input", () => {
  test("of a webhook is refused without a hint which part was wrong", async () => {
    const body = "{}";
    const stale = signed(body, { at: new Date(Date.now() - 10 * 60_000) });
    const forged = signed(body, {
      secret: `whsec_${Buffer.from("another secret 12345").toString("base64")}`,
    });
    const answers = await Promise.all([fetch(product.webhookUrl, stale), fetch(product.webhookUrl, forged)]);
    expect(answers.map((answer) => answer.status)).toEqual([401, 401]);
    expect(await answers[0]?.text()).toBe(await answers[1]?.text());
    expect((await fetch(`${product.url}/api/hooks/unknown`, signed(body))).status).toBe(404);
  });

  test("of the queue's endpoint is refused, and a message that is not a wake-up is no endless loop", async () => {
    const response = await fetch(`${product.url}/api/queue/run`, { method: "POST", body: "{}" });
    expect(response.status).toBe(401);
  });

  test("of a definition lists every problem with its path", async () => {
    const id = await workflowNamed("Quick question");
    const definition = {
      format: "cairn/v1",
      name: "x",
      kind: "graph",
      steps: { a: { type: "agent", role: "r", goal: "{{ state.b }}", tools: ["serch"] } },
      edges: [{ from: "a", to: "b" }],
    };
    expect(
      (await product.api(`/api/v1/workflows/${id}`, { method: "PATCH", json: { definition } })).status,
    ).toBe(200);
    const response = await product.api(`/api/v1/workflows/${id}/versions`, { json: {} });
    expect(response.status).toBe(422);
    expect(response.headers.get("content-type")).toContain("application/problem+json");
    const problem = (await response.json()) as { errors: { path: string }[] };
    expect(problem.errors.map((error) => error.path).toSorted()).toEqual([
      "/edges",
      "/edges/0/to",
      "/steps/a/goal",
      "/steps/a/tools/0",
    ]);
  });

  test("of a run, a schedule, and a key", async () => {
    const id = await workflowNamed("Support answer");
    expect((await product.api(`/api/v1/workflows/${id}/runs`, { json: { input: {} } })).status).toBe(422);
    const schedule = { workflowId: id, cron: "0 9 * * 1-5", timezone: "Europe/Berlin", input: {} };
    const cron = await product.api("/api/v1/schedules", { json: { ...schedule, cron: "every minute" } });
    expect(cron.status).toBe(422);
    expect(await cron.text()).toMatch(/\d \* \* /);
    const zone = await product.api("/api/v1/schedules", { json: { ...schedule, timezone: "Mars/Olympus" } });
    expect(zone.status).toBe(422);
    expect(await zone.text()).toMatch(/Europe\/Berlin/);
    expect((await fetch(`${product.url}/api/v1/runs`)).status).toBe(401);
    expect(
      (
        await fetch(`${product.url}/api/v1/runs`, {
          headers: { authorization: `Bearer cairn_${"x".repeat(43)}` },
        })
      ).status,
    ).toBe(401);
    expect((await product.api(`/api/v1/runs/${randomUUID()}`)).status).toBe(404);
    expect((await product.api("/api/v1/search", { method: "POST", body: "{not json" })).status).toBe(400);
    expect((await product.api("/api/v1/search", { json: { query: "x".repeat(2_000_000) } })).status).toBe(
      413,
    );
  });
});
