// Runs one service of the loopback cloud: node local/service.ts <name>[,<name>…] <folder>. Ends with its parent.
import path from "node:path";
import { type LocalConfig, readConfig, type ServiceName } from "./config.ts";
import { ISSUER } from "./environment.ts";

interface Running {
  readonly stop: () => Promise<void>;
}
type Start = (config: LocalConfig, folder: string) => Promise<Running>;

/** Where the app answers on this machine, whatever address people use. */
const insideUrl = ({ ports }: LocalConfig) => `http://localhost:${ports.app}`;

/** So that one sees an answer being written, as fast as a fast model writes. A support answer takes 0.1 s longer for it. */
const MODEL_PACE_MS = 15;
const paceMs = Number(process.env["CAIRN_MODEL_PACE_MS"] ?? MODEL_PACE_MS);

// Imported when asked for: a process must not load the engines of the others.
const STARTS: Readonly<Record<Exclude<ServiceName, "app" | "mailbox">, Start>> = {
  neon: async ({ ports, secrets }, folder) => {
    const { startNeon } = await import("./neon/serve.ts");
    const url = process.env["CAIRN_POSTGRES_URL"];
    const engine = url
      ? ({ kind: "url", url } as const)
      : ({ kind: "pglite", dataDir: path.join(folder, "postgres") } as const);
    return startNeon({
      port: ports.neon,
      engine,
      passwords: { owner: secrets.ownerPassword, runtime: secrets.runtimePassword },
    });
  },
  replica: async ({ ports, secrets }) => {
    const { startNeon } = await import("./neon/serve.ts");
    return startNeon({
      port: ports.replica ?? 0,
      engine: { kind: "standby", url: process.env["CAIRN_POSTGRES_REPLICA_URL"] ?? "" },
      passwords: { owner: secrets.ownerPassword, runtime: secrets.runtimePassword },
    });
  },
  redis: async ({ ports, secrets }) => {
    const { startRedis } = await import("./redis/serve.ts");
    const redisUrl = process.env["REDIS_URL"];
    return startRedis({ port: ports.redis, token: secrets.kvToken, ...(redisUrl && { redisUrl }) });
  },
  qstash: async (config, folder) => {
    const { ports, secrets, appUrl } = config;
    const { startQstash } = await import("./qstash/serve.ts");
    return startQstash({
      port: ports.qstash,
      file: path.join(folder, "qstash.sqlite"),
      token: secrets.qstashToken,
      currentSigningKey: secrets.qstashCurrentKey,
      nextSigningKey: secrets.qstashNextKey,
      // Messages to the app need not leave the machine and come back.
      shortCut: appUrl === undefined ? undefined : { from: appUrl, to: insideUrl(config) },
    });
  },
  pinecone: async ({ ports, secrets }, folder) => {
    const { startPinecone } = await import("./pinecone/serve.ts");
    return startPinecone({
      port: ports.pinecone,
      apiKey: secrets.pineconeKey,
      dataDir: path.join(folder, "vectors"),
    });
  },
  openai: async ({ ports, secrets }) => {
    const { startOpenai } = await import("./openai/serve.ts");
    return startOpenai({ port: ports.openai, apiKey: secrets.llmKey, paceMs });
  },
  anthropic: async ({ ports, secrets }) => {
    const { startAnthropic } = await import("./anthropic/serve.ts");
    return startAnthropic({ port: ports.anthropic ?? 0, apiKey: secrets.anthropicKey, paceMs });
  },
  google: async ({ ports, secrets }) => {
    const { startGoogle } = await import("./google/serve.ts");
    return startGoogle({ port: ports.google ?? 0, apiKey: secrets.googleKey, paceMs });
  },
  mcp: async ({ ports }) => {
    const { startMcp } = await import("./mcp/serve.ts");
    return startMcp({ port: ports.mcp ?? 0 });
  },
  mail: async ({ ports }) => {
    const { startMail } = await import("./mail/serve.ts");
    return startMail({ port: ports.mail ?? 0, mailboxPort: ports.mailbox ?? 0 });
  },
  search: async ({ ports }) => {
    const { startSearch } = await import("./search/serve.ts");
    return startSearch({ port: ports.search ?? 0 });
  },
  identity: async (config, folder) => {
    const { ports, secrets, appUrl } = config;
    const { startIdentity } = await import("./identity/serve.ts");
    return startIdentity({
      port: ports.identity,
      appUrl: appUrl ?? insideUrl(config),
      admits: appUrl === undefined ? "everybody" : "invited",
      file: path.join(folder, "identity.json"),
      issuer: ISSUER,
      privateKeyPem: secrets.clerkPrivateKey,
      secretKey: secrets.clerkSecretKey,
      webhook: { url: `${insideUrl(config)}/api/clerk`, secret: secrets.clerkWebhookSecret },
    });
  },
};

const [names = "", folder = ".local"] = process.argv.slice(2);
const config = readConfig(folder);
const running = await Promise.all(names.split(",").map((name) => start(name)));

function start(name: string): Promise<Running> {
  const found = Object.entries(STARTS).find(([known]) => known === name)?.[1];
  if (!found) throw new Error(`There is no service named ${name}.`);
  return found(config, path.resolve(folder));
}
process.send?.("ready");

async function stop(): Promise<void> {
  await Promise.allSettled(running.map((service) => service.stop()));
  process.exit(0);
}
for (const event of ["SIGINT", "SIGTERM", "disconnect"] as const) process.once(event, () => void stop());
