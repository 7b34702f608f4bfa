import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { readConfig } from "#/local/config.ts";
import { Api } from "#/local/seed/api.ts";
import { ensurePerson, openSession } from "#/local/seed/person.ts";

export const ADMIN = "grace@example.com";

/** A production deployment, as an operator starts it. */
export class OwnServer {
  readonly url: string;
  readonly #home: string;
  readonly #process: ChildProcess;
  #said = "";

  /** @param env what the operator has set, CAIRN_HOME and APP_URL among it */
  constructor(env: NodeJS.ProcessEnv, options: readonly string[] = []) {
    this.#home = env["CAIRN_HOME"] ?? "";
    this.url = env["APP_URL"] ?? "";
    this.#process = spawn(process.execPath, ["local/start.ts", "--production", ...options], {
      env: { ...env, CAIRN_ADMIN_EMAIL: ADMIN },
      // Over the channel it hears of the end of this process, whatever ended it.
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    for (const stream of [this.#process.stdout, this.#process.stderr])
      stream?.on("data", (chunk: Buffer) => (this.#said += chunk.toString()));
  }

  /** Everything that it has written. */
  get said(): string {
    return this.#said;
  }

  /** Of the supervisor, whose children are the app and the services. */
  get pid(): number {
    return this.#process.pid ?? 0;
  }

  async whenSaid(text: string, after = 0): Promise<void> {
    while (!this.#said.slice(after).includes(text)) {
      if (this.#process.exitCode !== null) throw new Error(`The server ended:\n${this.#said}`);
      await sleep(100);
    }
  }

  signal(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }

  /** @returns an API key of the first person's workspace, which the app hears of a moment after the start */
  async makeKey(): Promise<string> {
    const config = readConfig(this.#home);
    const organization = { name: "Workspace", slug: "workspace" };
    const userId = await ensurePerson(config, { email: ADMIN, organization });
    const person = new Api(this.url, await openSession(config, userId));
    const { key } = await untilDone(() =>
      person.post<{ key: string }>("/api/v1/api-keys", { name: "k", scopes: ["admin"] }),
    );
    return key;
  }

  /** @returns its exit code */
  async stop(): Promise<number> {
    if (this.#process.exitCode !== null) return this.#process.exitCode;
    if (this.#process.signalCode !== null) return 1;
    const exit = once(this.#process, "exit");
    this.#process.kill("SIGTERM");
    return Number((await exit)[0]);
  }
}

/** Asks until it is answered without an error, for two minutes at most. */
export async function untilDone<T>(ask: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await ask();
    } catch (error) {
      if (tries >= 1_200) throw error;
      await sleep(100);
    }
  }
}
