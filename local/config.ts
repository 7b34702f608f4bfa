import { generateKeyPairSync, randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import net from "node:net";
import path from "node:path";
import * as v from "valibot";

/** Everything this installation keeps: random keys, made once, and the ports of the last start. Readable by its owner only. */
const Secrets = v.object({
  ownerPassword: v.string(),
  runtimePassword: v.string(),
  kvToken: v.string(),
  qstashToken: v.string(),
  qstashCurrentKey: v.string(),
  qstashNextKey: v.string(),
  pineconeKey: v.string(),
  llmKey: v.string(),
  clerkSecretKey: v.string(),
  clerkWebhookSecret: v.string(),
  clerkPrivateKey: v.string(),
  clerkPublicKey: v.string(),
  sealingKey: v.string(),
  metricsToken: v.string(),
  cronSecret: v.string(),
  userPassword: v.string(),
  // Installations from before it get one.
  pushKey: v.optional(v.string(), makePushKey),
  anthropicKey: v.optional(v.string(), makeAnthropicKey),
  googleKey: v.optional(v.string(), makeGoogleKey),
});

const Ports = v.object({
  app: v.number(),
  neon: v.number(),
  redis: v.number(),
  qstash: v.number(),
  pinecone: v.number(),
  openai: v.number(),
  identity: v.number(),
  // Installations from before it have none.
  mcp: v.optional(v.number()),
  mail: v.optional(v.number()),
  mailbox: v.optional(v.number()),
  search: v.optional(v.number()),
  replica: v.optional(v.number()),
  anthropic: v.optional(v.number()),
  google: v.optional(v.number()),
});

/** `appUrl` is the address of a production deployment; without one it is everybody's own machine. */
const Config = v.object({ secrets: Secrets, ports: Ports, appUrl: v.optional(v.string()) });

type LocalSecrets = v.InferOutput<typeof Secrets>;
type LocalPorts = v.InferOutput<typeof Ports>;
export type LocalConfig = v.InferOutput<typeof Config>;
export type ServiceName = keyof LocalPorts;

const fileIn = (folder: string) => path.join(folder, "config.json");

/** @throws when the installation has no configuration yet, or one of another shape */
export function readConfig(folder: string): LocalConfig {
  return v.parse(Config, JSON.parse(readFileSync(fileIn(folder), "utf8")));
}

export function findConfig(folder: string): LocalConfig | undefined {
  return existsSync(fileIn(folder)) ? readConfig(folder) : undefined;
}

/** The port that the app tries first; the others take what the system gives and keep it. */
const FIRST_APP_PORT = 3000;

/** Reads the installation's configuration, or makes it. A port that somebody else has taken since is replaced. */
export async function openConfig(folder: string): Promise<LocalConfig> {
  return keepConfig(folder, async (before) => choosePorts(before, await chooseAppPort()));
}

/** The same for a production deployment: a proxy stands in front, so app and identity are where it looks for them, or nowhere. */
export async function openProductionConfig(folder: string, appUrl: string): Promise<LocalConfig> {
  const app = Number(process.env["PORT"]) || FIRST_APP_PORT;
  const identity = Number(process.env["CAIRN_IDENTITY_PORT"]) || app + 1;
  for (const port of [app, identity])
    if (!(await isFree(port)))
      throw new Error(`Port ${port} is taken. Stop who has it, or set PORT (and CAIRN_IDENTITY_PORT).`);
  const config = await keepConfig(folder, async (before) => ({
    ...(await choosePorts(before, app, [identity])),
    identity,
  }));
  return saveConfig(folder, { ...config, appUrl });
}

async function keepConfig(
  folder: string,
  choose: (before: LocalPorts | undefined) => Promise<LocalPorts>,
): Promise<LocalConfig> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const before = findConfig(folder);
  return saveConfig(folder, {
    ...(before?.appUrl !== undefined && { appUrl: before.appUrl }),
    secrets: before?.secrets ?? newSecrets(),
    ports: await choose(before?.ports),
  });
}

function saveConfig(folder: string, config: LocalConfig): LocalConfig {
  const file = fileIn(folder);
  writeFileSync(file, JSON.stringify(config, null, 2), { mode: 0o600 });
  chmodSync(file, 0o600);
  return config;
}

const secret = (bytes = 24) => randomBytes(bytes).toString("base64url");

/** A private key of P-256, as push services know senders by. */
function makePushKey(): string {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return privateKey.export({ format: "jwk" }).d ?? "";
}

function makeAnthropicKey(): string {
  return `sk-ant-local-${secret()}`;
}

function makeGoogleKey(): string {
  return `AIza-local-${secret()}`;
}

function newSecrets(): LocalSecrets {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  return {
    ownerPassword: secret(),
    runtimePassword: secret(),
    kvToken: secret(),
    qstashToken: secret(),
    qstashCurrentKey: `sig_${secret()}`,
    qstashNextKey: `sig_${secret()}`,
    pineconeKey: `pcsk_${secret()}`,
    llmKey: `sk-local-${secret()}`,
    clerkSecretKey: `sk_live_${secret()}`,
    clerkWebhookSecret: `whsec_${randomBytes(24).toString("base64")}`,
    clerkPrivateKey: privateKey,
    clerkPublicKey: publicKey,
    sealingKey: randomBytes(32).toString("base64"),
    metricsToken: secret(),
    cronSecret: secret(),
    userPassword: `cairn-${secret(6)}`,
    pushKey: makePushKey(),
    anthropicKey: makeAnthropicKey(),
    googleKey: makeGoogleKey(),
  };
}

async function chooseAppPort(): Promise<number> {
  const wished = Number(process.env["PORT"]) || FIRST_APP_PORT;
  const app = await firstFree(wished);
  if (app !== wished) console.log(`cairn  port ${wished} is taken, using ${app}`);
  return app;
}

async function choosePorts(
  before: LocalPorts | undefined,
  app: number,
  reserved: readonly number[] = [],
): Promise<LocalPorts> {
  const taken = [app, ...reserved];
  const keepOrChoose = async (name: ServiceName) => {
    const old = before?.[name];
    const port =
      old !== undefined && !taken.includes(old) && (await isFree(old)) ? old : await anyFree(taken);
    taken.push(port);
    return port;
  };
  return {
    app,
    neon: await keepOrChoose("neon"),
    redis: await keepOrChoose("redis"),
    qstash: await keepOrChoose("qstash"),
    pinecone: await keepOrChoose("pinecone"),
    openai: await keepOrChoose("openai"),
    identity: await keepOrChoose("identity"),
    mcp: await keepOrChoose("mcp"),
    mail: await keepOrChoose("mail"),
    mailbox: await keepOrChoose("mailbox"),
    search: await keepOrChoose("search"),
    replica: await keepOrChoose("replica"),
    anthropic: await keepOrChoose("anthropic"),
    google: await keepOrChoose("google"),
  };
}

async function firstFree(from: number): Promise<number> {
  for (let port = from; ; port += 1) if (await isFree(port)) return port;
}

/** Free on both addresses of localhost: a server on ::1 alone would answer in our place. */
async function isFree(port: number): Promise<boolean> {
  return (await canListen(port, "127.0.0.1")) && (await canListen(port, "::1"));
}

function canListen(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = net.createServer();
    probe.once("error", (error: NodeJS.ErrnoException) =>
      resolve(error.code === "EADDRNOTAVAIL" || error.code === "EAFNOSUPPORT"),
    );
    probe.listen(port, host, () => probe.close(() => resolve(true)));
  });
}

function anyFree(taken: readonly number[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      const port = typeof address === "object" && address ? address.port : 0;
      probe.close(() => resolve(taken.includes(port) ? anyFree(taken) : port));
    });
  });
}
