import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

/** The processes of one start. All of them end with it. */
export class Children {
  readonly #running = new Map<string, ChildProcess>();
  readonly #folder: string;
  readonly #compileCache: string;
  readonly #onCrash: (name: string, logFile: string) => void;
  #stopping = false;

  constructor(folder: string, onCrash: (name: string, logFile: string) => void) {
    this.#folder = path.join(folder, "logs");
    this.#compileCache = path.resolve(folder, "compile-cache");
    this.#onCrash = onCrash;
    mkdirSync(this.#folder, { recursive: true });
  }

  /** Starts a service and waits until it says that it is ready. It is started again when it ends by itself. */
  async serve(
    name: string,
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    const child = this.#spawn(name, args, env);
    await new Promise<void>((resolve, reject) => {
      child.once("message", () => resolve());
      child.once("exit", () => reject(new Error(`${name} did not start:\n${this.#tail(name)}`)));
    });
    child.removeAllListeners("exit");
    child.once("exit", () => void this.#restart(name, args, env));
  }

  /** Runs a command to its end. @throws with the end of its log when it fails */
  async run(
    name: string,
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    const child = this.#spawn(name, args, env);
    const code = await new Promise<number | null>((resolve) => child.once("exit", resolve));
    this.#running.delete(name);
    if (code !== 0) throw new Error(`${name} failed:\n${this.#tail(name)}`);
  }

  /** Starts a server that says nothing when it is ready; the caller polls it. */
  launch(name: string, args: readonly string[], env: Readonly<Record<string, string>>): void {
    const child = this.#spawn(name, args, env);
    child.once("exit", () => {
      if (this.#stopping) return;
      this.#onCrash(name, this.#logFile(name));
      setTimeout(() => this.launch(name, args, env), 500);
    });
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    const children = [...this.#running.values()].filter(
      (child) => child.exitCode === null && child.signalCode === null,
    );
    const gone = children.map(
      (child) => new Promise<void>((resolve) => void child.once("exit", () => resolve())),
    );
    for (const child of children) child.kill("SIGTERM");
    const timer = setTimeout(() => children.forEach((child) => child.kill("SIGKILL")), 5000);
    await Promise.all(gone);
    clearTimeout(timer);
  }

  async #restart(
    name: string,
    args: readonly string[],
    env: Readonly<Record<string, string>>,
  ): Promise<void> {
    if (this.#stopping) return;
    this.#onCrash(name, this.#logFile(name));
    await this.serve(name, args, env).catch((error: unknown) => console.error(String(error)));
  }

  #spawn(name: string, args: readonly string[], env: Readonly<Record<string, string>>): ChildProcess {
    const child = spawn(process.execPath, args, {
      // What a start has compiled the next one reads: 5.2 s become 3.8.
      env: { NODE_COMPILE_CACHE: this.#compileCache, ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    const log = createWriteStream(this.#logFile(name), { flags: "a" });
    child.stdout?.pipe(log, { end: false });
    child.stderr?.pipe(log, { end: false });
    // Whoever profiles the app asks for it by its number.
    writeFileSync(path.join(this.#folder, `${name}.pid`), String(child.pid ?? ""));
    this.#running.set(name, child);
    return child;
  }

  #logFile(name: string): string {
    return path.join(this.#folder, `${name}.log`);
  }

  #tail(name: string): string {
    return readFileSync(this.#logFile(name), "utf8").split("\n").slice(-30).join("\n");
  }
}
