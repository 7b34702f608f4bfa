import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { readConfig, type ServiceName } from "#/local/config.ts";
import { productEnvironment } from "#/local/environment.ts";
import { scratchDirectory } from "#/tests/support/scratch-directory.ts";
import { freePort } from "#/tests/support/free-port.ts";

export interface Product {
  /** Of the supervisor, whose children are the app and the loopback cloud. */
  readonly pid: number;
  readonly url: string;
  readonly apiKey: string;
  readonly webhookUrl: string;
  readonly webhookSecret: string;
  readonly password: string;
  /** Of the role that the product has. */
  readonly databaseUrl: string;
  /** Of the role that owns the tables. */
  readonly ownerUrl: string;
  /** Calls the API with the key. */
  readonly api: (path: string, init?: RequestInit & { readonly json?: unknown }) => Promise<Response>;
  /** Ends it, and leaves its home. */
  readonly end: () => Promise<void>;
  /** Ends it, and takes its home away. */
  readonly stop: () => Promise<void>;
}

/**
 * The whole product as a newcomer gets it: `npm start` in an empty home, built from these files.
 * @param environment what somebody sets before they start it, such as CAIRN_POSTGRES_URL
 */
export async function startProduct(environment: Readonly<Record<string, string>> = {}): Promise<Product> {
  const home = scratchDirectory();
  return startProductIn(home, environment);
}

/**
 * The same product after its second start. The first makes a database and fills the workspace, which takes most of a minute on a busy machine: it is made
 * once, and what it left is copied.
 * @param startedHome what the first start left
 */
export async function startProductAgain(startedHome: string): Promise<Product> {
  const home = scratchDirectory();
  cpSync(startedHome, home, { recursive: true });
  await changePorts(home);
  return startProductIn(home);
}

/** Two copies that start at once would both find the kept ports free. */
async function changePorts(home: string): Promise<void> {
  const config = readConfig(home);
  const ports = { ...config.ports };
  for (const name of Object.keys(ports) as ServiceName[]) ports[name] = await freePort();
  writeFileSync(path.join(home, "config.json"), JSON.stringify({ ...config, ports }));
}

/** Starts the product in this home, which stays after it has ended. */
export async function startProductIn(
  home: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<Product> {
  const child = spawn(process.execPath, ["local/start.ts"], {
    env: {
      ...process.env,
      CAIRN_HOME: home,
      PORT: String(await freePort()),
      LOG_LEVEL: "info",
      ...environment,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  await untilReady(child);
  const env = Object.fromEntries(
    readFileSync(path.join(home, "env"), "utf8")
      .split("\n")
      .map((line) => splitOnce(line)),
  );
  const end = async () => {
    const gone = new Promise<void>((resolve) => void child.once("exit", () => resolve()));
    child.kill("SIGTERM");
    await gone;
  };
  const url = env["CAIRN_URL"] ?? "";
  const apiKey = env["CAIRN_API_KEY"] ?? "";
  const config = readConfig(home);
  const { DATABASE_URL, DATABASE_URL_UNPOOLED } = productEnvironment(config);
  return {
    pid: child.pid ?? 0,
    url,
    apiKey,
    webhookUrl: env["CAIRN_WEBHOOK_URL"] ?? "",
    webhookSecret: env["CAIRN_WEBHOOK_SECRET"] ?? "",
    password: config.secrets.userPassword,
    databaseUrl: DATABASE_URL ?? "",
    ownerUrl: DATABASE_URL_UNPOOLED ?? "",
    api: (route, { json, ...init } = {}) =>
      fetch(url + route, {
        ...init,
        ...(json !== undefined && { method: init.method ?? "POST", body: JSON.stringify(json) }),
        headers: {
          authorization: `Bearer ${apiKey}`,
          "content-type": "application/json",
          // A connection that is kept is closed by the product after some seconds, at times while the next request is on its way.
          connection: "close",
          ...(init.headers as Record<string, string> | undefined),
        },
      }),
    end,
    stop: async () => {
      await end();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Shorter than the hook that waits for it: a build that nobody stops would refuse the next one. It took 310 s where six other processes wanted the two cores. */
const READY_WITHIN_MS = 570_000;

function untilReady(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = "";
    const tooLate = setTimeout(() => {
      child.once("exit", () => reject(new Error(`npm start was not ready in time:\n${output}`)));
      child.kill("SIGTERM");
    }, READY_WITHIN_MS);
    child.once("exit", () => clearTimeout(tooLate));
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      if (!output.includes("Cairn is ready")) return;
      clearTimeout(tooLate);
      resolve();
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", read);
    child.once("exit", (code) => reject(new Error(`npm start ended with ${code}:\n${output}`)));
  });
}

function splitOnce(line: string): [string, string] {
  const at = line.indexOf("=");
  return [line.slice(0, at), line.slice(at + 1)];
}
