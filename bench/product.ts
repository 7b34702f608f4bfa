// The built product over HTTP: webhook to result, and the API by callers and by process (`--write` puts that table into docs/benchmarks.md).
import { randomUUID } from "node:crypto";
import { Webhook } from "standardwebhooks";
import { measureApi } from "#/bench/api.ts";
import { percentiles, report, timeAll } from "#/bench/percentiles.ts";
import { type Product, startProduct } from "#/tests/support/product.ts";

const from = performance.now();
const product = await startProduct();
report(
  "npm start (packages installed) to the waiting run",
  `${((performance.now() - from) / 1000).toFixed(1)} s`,
);

await webhookToResult(product);
await searchLatency(product);
await measureApi(product, { name: "api", write: process.argv.includes("--write") });
await product.stop();

async function webhookToResult({ webhookUrl, webhookSecret, api }: Product): Promise<void> {
  const samples = await timeAll(40, 1, async (index) => {
    const body = JSON.stringify({ question: `How long are backups kept? (${index})` });
    const id = `msg_${randomUUID()}`;
    const signature = new Webhook(webhookSecret).sign(id, new Date(), body);
    const headers = {
      "content-type": "application/json",
      "webhook-id": id,
      "webhook-timestamp": String(Math.floor(Date.now() / 1000)),
      "webhook-signature": signature,
    };
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

async function searchLatency({ api }: Product): Promise<void> {
  const search = async () =>
    void (await (await api("/api/v1/search", { json: { query: "backups" } })).arrayBuffer());
  report("POST /api/v1/search, 1 caller", percentiles(await timeAll(100, 1, search)));
}
