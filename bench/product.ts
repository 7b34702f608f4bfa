// The built product over HTTP: webhook to result, API latency, engine with one message a step.
import { randomUUID } from "node:crypto";
import { Webhook } from "standardwebhooks";
import { percentiles, report, timeAll } from "#/bench/percentiles.ts";
import { type Product, startProduct } from "#/tests/support/product.ts";

const from = performance.now();
const product = await startProduct();
report("npm start (packages installed) to the waiting run", `${((performance.now() - from) / 1000).toFixed(1)} s`);

await webhookToResult(product);
await apiLatency(product);
await product.stop();

async function webhookToResult({ webhookUrl, webhookSecret, api }: Product): Promise<void> {
  const samples = await timeAll(40, 1, async (index) => {
    const body = JSON.stringify({ question: `How long are backups kept? (${index})` });
    const id = `msg_${randomUUID()}`;
    const signature = new Webhook(webhookSecret).sign(id, new Date(), body);
    const headers = { "content-type": "application/json", "webhook-id": id, "webhook-timestamp": String(Math.floor(Date.now() / 1000)), "webhook-signature": signature };
    const accepted = await fetch(webhookUrl, { method: "POST", body, headers });
    const { runId } = (await accepted.json()) as { runId: string };
    await finished(api, runId);
  });
  report("webhook → run finished (search, model, set; offline model)", percentiles(samples.slice(5)));
}

async function finished(api: Product["api"], runId: string): Promise<void> {
  for (;;) {
    const run = (await (await api(`/api/v1/runs/${runId}`)).json()) as { status: string };
    if (run.status === "succeeded") return;
    if (run.status === "failed") throw new Error(`Run ${runId} failed.`);
    await new Promise((resolve) => void setTimeout(resolve, 5));
  }
}

async function apiLatency({ api }: Product): Promise<void> {
  const { items } = (await (await api("/api/v1/workflows")).json()) as { items: { id: string; name: string }[] };
  const workflow = items.find((item) => item.name === "Support answer")?.id;
  const get = async (path: string) => void (await (await api(path)).arrayBuffer());
  await timeAll(200, 10, () => get("/api/v1/runs?limit=25"));
  report("GET /api/v1/runs, 50 callers", percentiles(await timeAll(2000, 50, () => get("/api/v1/runs?limit=25"))));
  report("GET /api/v1/workflows/{id}, 50 callers", percentiles(await timeAll(2000, 50, () => get(`/api/v1/workflows/${workflow}`))));
  report("GET /api/v1/runs, 1 caller", percentiles(await timeAll(300, 1, () => get("/api/v1/runs?limit=25"))));
  const start = async () => void (await (await api(`/api/v1/workflows/${workflow}/runs`, { json: { input: { question: "Where is data stored?" } } })).arrayBuffer());
  report("POST …/runs, 50 callers (the runs execute meanwhile)", percentiles(await timeAll(300, 50, start)));
  const search = async () => void (await (await api("/api/v1/search", { json: { query: "backups" } })).arrayBuffer());
  report("POST /api/v1/search, 1 caller", percentiles(await timeAll(100, 1, search)));
}
