import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import * as v from "valibot";
import type { LocalConfig } from "../config.ts";
import { Api } from "./api.ts";
import { signInAsAda } from "./person.ts";

export interface SeedContext {
  readonly folder: string;
  readonly config: LocalConfig;
  readonly env: Readonly<Record<string, string>>;
}

/** The values that scripts of this machine need; also written to .local/env. */
const Seeded = v.object({
  workspaceId: v.string(),
  apiKey: v.string(),
  webhookUrl: v.string(),
  webhookSecret: v.string(),
});
type Seeded = v.InferOutput<typeof Seeded>;

const DOCUMENTS = path.join(import.meta.dirname, "documents");
const WORKFLOWS = path.join(import.meta.dirname, "workflows");
const FIRST_TOPIC = "What caused the billing outage of March 2026, and how long did it last?";

/**
 * Fills the sample workspace over the public API, as a person would: documents, workflows, a webhook, a schedule, and one run that
 * waits for an approval. Done once; later starts find it in .local/seeded.json.
 */
export async function seed({ folder, config, env }: SeedContext): Promise<string> {
  const file = path.join(folder, "seeded.json");
  const before = readSeeded(file);
  const baseUrl = env["APP_URL"] ?? "";
  if (before) {
    writeEnvironment(folder, config, { baseUrl, ...before });
    return "unchanged";
  }
  const person = await signInAsAda(config);
  const key = await whenKnown(() =>
    new Api(baseUrl, person).post<{ key: string; workspaceId: string }>("/api/v1/api-keys", {
      name: "Local scripts",
      scopes: ["admin"],
    }),
  );
  const api = new Api(baseUrl, key.key);
  const [workflows] = await Promise.all([
    addWorkflows(api),
    addDocuments(api),
    addMcpServer(api, config),
    addConnections(api, config),
  ]);
  const seeded = { workspaceId: key.workspaceId, apiKey: key.key, ...(await addTriggers(api, workflows)) };
  const { id } = await api.post<{ id: string }>(`/api/v1/workflows/${workflows["research-brief"]}/runs`, {
    input: { topic: FIRST_TOPIC },
  });
  await whenWaiting(api, id);
  writeFileSync(file, JSON.stringify(seeded), { mode: 0o600 });
  writeEnvironment(folder, config, { baseUrl, ...seeded });
  return `${readdirSync(DOCUMENTS).length} documents, ${Object.keys(workflows).length} workflows, a webhook, a schedule, an MCP server, mail, web search, two makers of models, and a run that waits for you`;
}

function readSeeded(file: string): Seeded | undefined {
  try {
    return v.parse(Seeded, JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return undefined;
  }
}

/** The workspace comes from the identity provider by webhook, which arrives a moment after the app does. */
async function whenKnown<T>(ask: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await ask();
    } catch (error) {
      if (tries >= 40) throw error;
      await sleep(250);
    }
  }
}

async function addDocuments(api: Api): Promise<void> {
  const names = readdirSync(DOCUMENTS);
  const added = await Promise.all(
    names.map((name) =>
      api.post<{ id: string }>("/api/v1/documents", {
        name,
        text: readFileSync(path.join(DOCUMENTS, name), "utf8"),
      }),
    ),
  );
  for (const { id } of added) await whenReady(api, id);
}

async function whenReady(api: Api, id: string): Promise<void> {
  for (let tries = 0; tries < 300; tries += 1) {
    const { status, error } = await api.get<{ status: string; error: string | null }>(
      `/api/v1/documents/${id}`,
    );
    if (status === "ready") return;
    if (status === "failed") throw new Error(`A sample document could not be read: ${error}`);
    await sleep(100);
  }
  throw new Error("The sample documents are not ready after 30 s; see the logs of app and qstash.");
}

/** The first page shows a run that waits; whoever opens it at once must find it. */
async function whenWaiting(api: Api, runId: string): Promise<void> {
  for (let tries = 0; tries < 300; tries += 1) {
    const { status, error } = await api.get<{ status: string; error: unknown }>(`/api/v1/runs/${runId}`);
    if (status === "waiting") return;
    if (status === "failed") throw new Error(`The sample run failed: ${JSON.stringify(error)}`);
    await sleep(100);
  }
  throw new Error(
    "The sample run does not wait for its approval after 30 s; see the logs of app and qstash.",
  );
}

/** A start that was interrupted may have left some: a name stands for one workflow. */
async function addWorkflows(api: Api): Promise<Record<string, string>> {
  const ids: Record<string, string> = {};
  const { items } = await api.get<{
    items: readonly { id: string; name: string; publishedVersion: number | null }[];
  }>("/api/v1/workflows");
  for (const file of readdirSync(WORKFLOWS)) {
    const text = readFileSync(path.join(WORKFLOWS, file), "utf8");
    const name = /^name: (.+)$/m.exec(text)?.[1] ?? file;
    const before = items.find((item) => item.name === name);
    const { id } =
      before ?? (await api.post<{ id: string }>("/api/v1/workflows", { name, definition: text }));
    if (!before?.publishedVersion) await api.post(`/api/v1/workflows/${id}/versions`, {});
    ids[path.basename(file, ".yaml")] = id;
  }
  return ids;
}

/** The order desk, with two of its tools chosen. */
async function addMcpServer(api: Api, { ports }: LocalConfig): Promise<void> {
  const { items } = await api.get<{ items: readonly { name: string }[] }>("/api/v1/mcp-servers");
  if (items.some(({ name }) => name === "orders")) return;
  const url = `http://127.0.0.1:${ports.mcp}/mcp`;
  const { id } = await api.post<{ id: string }>("/api/v1/mcp-servers", { name: "orders", url });
  await api.patch(`/api/v1/mcp-servers/${id}/tools`, {
    tools: [
      { name: "find_order", isChosen: true, effect: "read" },
      { name: "refund_order", isChosen: true, effect: "write" },
    ],
  });
}

/** The stand-ins for mail and web search, under the names that send_email and web_search look for. */
async function addConnections(api: Api, { ports }: LocalConfig): Promise<void> {
  const { items } = await api.get<{ items: readonly { name: string }[] }>("/api/v1/connections");
  const connections = [
    {
      name: "mail",
      kind: "smtp",
      fields: { host: "127.0.0.1", port: String(ports.mail), security: "none", from: "cairn@example.com" },
    },
    {
      name: "search",
      kind: "http",
      fields: { url: `http://127.0.0.1:${ports.search}`, signIn: "none" },
    },
  ];
  for (const connection of connections) {
    const isThere = items.some(({ name }) => name === connection.name);
    if (!isThere) await api.post("/api/v1/connections", connection);
  }
}

async function addTriggers(
  api: Api,
  workflows: Record<string, string>,
): Promise<{ webhookUrl: string; webhookSecret: string }> {
  const workflowId = workflows["support-answer"];
  const webhook = await api.post<{ url: string; secret: string }>("/api/v1/webhooks", {
    workflowId,
    name: "Support desk",
  });
  const input = { question: "When do customers receive a credit?", customer: "the morning check" };
  await api.post("/api/v1/schedules", { workflowId, cron: "*/5 * * * *", timezone: "Europe/Berlin", input });
  return { webhookUrl: webhook.url, webhookSecret: webhook.secret };
}

function writeEnvironment(
  folder: string,
  { ports, secrets }: LocalConfig,
  { baseUrl, ...seeded }: Seeded & { readonly baseUrl: string },
): void {
  const lines = [
    `CAIRN_URL=${baseUrl}`,
    `CAIRN_API_KEY=${seeded.apiKey}`,
    `CAIRN_WORKSPACE=${seeded.workspaceId}`,
    // The port may have changed since the webhook was made.
    `CAIRN_WEBHOOK_URL=${baseUrl}${new URL(seeded.webhookUrl).pathname}`,
    `CAIRN_WEBHOOK_SECRET=${seeded.webhookSecret}`,
    `CAIRN_ANTHROPIC_URL=http://127.0.0.1:${ports.anthropic}/v1`,
    `CAIRN_ANTHROPIC_KEY=${secrets.anthropicKey}`,
    `CAIRN_GOOGLE_URL=http://127.0.0.1:${ports.google}/v1beta`,
    `CAIRN_GOOGLE_KEY=${secrets.googleKey}`,
  ];
  writeFileSync(path.join(folder, "env"), `${lines.join("\n")}\n`, { mode: 0o600 });
}
