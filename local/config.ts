import { generateKeyPairSync, randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import net from "node:net";
import path from "node:path";

/** Everything this installation keeps: random keys, made once, and the ports of the last start. Readable by its owner only. */
export interface LocalConfig {
  readonly secrets: LocalSecrets;
  readonly ports: LocalPorts;
}

export interface LocalSecrets {
  readonly ownerPassword: string;
  readonly runtimePassword: string;
  readonly kvToken: string;
  readonly qstashToken: string;
  readonly qstashCurrentKey: string;
  readonly qstashNextKey: string;
  readonly pineconeKey: string;
  readonly llmKey: string;
  readonly clerkSecretKey: string;
  readonly clerkWebhookSecret: string;
  readonly clerkPrivateKey: string;
  readonly clerkPublicKey: string;
  readonly sealingKey: string;
  readonly metricsToken: string;
  readonly cronSecret: string;
  readonly userPassword: string;
}

const SERVICES = ["app", "neon", "redis", "qstash", "pinecone", "openai", "identity"] as const;
export type ServiceName = (typeof SERVICES)[number];
export type LocalPorts = Readonly<Record<ServiceName, number>>;

/** Where the app is wished for; the others take what the system gives and keep it. */
const FIRST_APP_PORT = 3000;

/** Reads the installation's configuration, or makes it. A port that somebody else has taken since is replaced. */
export async function openConfig(folder: string): Promise<LocalConfig> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = path.join(folder, "config.json");
  const before = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as LocalConfig) : undefined;
  const config = { secrets: before?.secrets ?? newSecrets(), ports: await choosePorts(before?.ports) };
  writeFileSync(file, JSON.stringify(config, null, 2));
  chmodSync(file, 0o600);
  return config;
}

function newSecrets(): LocalSecrets {
  const secret = (bytes = 24) => randomBytes(bytes).toString("base64url");
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
  };
}

async function choosePorts(before: LocalPorts | undefined): Promise<LocalPorts> {
  const wished = Number(process.env["PORT"]) || FIRST_APP_PORT;
  const ports: Partial<Record<ServiceName, number>> = { app: await firstFree(wished) };
  if (ports.app !== wished) console.log(`cairn  port ${wished} is taken, using ${ports.app}`);
  for (const name of SERVICES) {
    if (name === "app") continue;
    const old = before?.[name];
    ports[name] = old !== undefined && (await isFree(old)) ? old : await anyFree(Object.values(ports));
  }
  return ports as LocalPorts;
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
    probe.once("error", (error: NodeJS.ErrnoException) => resolve(error.code === "EADDRNOTAVAIL" || error.code === "EAFNOSUPPORT"));
    probe.listen(port, host, () => probe.close(() => resolve(true)));
  });
}

function anyFree(taken: readonly number[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as net.AddressInfo;
      probe.close(() => resolve(taken.includes(port) ? anyFree(taken) : port));
    });
  });
}
