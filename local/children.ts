import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

/** The processes of one start. All of them end with it. */
export class Children {
  readonly #running = new Map<string, ChildProcess>();
  readonly #folder: string;
  readonly #compileCache: string;
  readonly #onCrash: (name: string, logFile: string) => void;
  readonly #output: "files" | "console";
  /** Those that end because they were told to. */
  readonly #ending = new Set<ChildProcess>();
  #isStopping = false;

  /** @param output where they write to: a file each, or this process's own output, for a supervisor that keeps logs itself */
  constructor(
    folder: string,
    onCrash: (name: string, logFile: string) => void,
    output: "files" | "console" = "files",
  ) {
    this.#output = output;
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
    child.once("exit", () => {
      if (!this.#ending.has(child)) void this.#restart(name, args, env);
    });
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
      if (this.#ending.has(child)) return;
      this.#onCrash(name, this.#logFile(name));
      setTimeout(() => {
        if (!this.#isStopping) this.launch(name, args, env);
      }, 500);
    });
  }

  signal(name: string, signal: NodeJS.Signals): void {
    this.#running.get(name)?.kill(signal);
  }

  /** Ends one and waits until it has gone; after so long it is killed. */
  async end(name: string, withinMs: number): Promise<void> {
    await this.#end([this.#running.get(name)], withinMs);
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.#end([...this.#running.values()], 5000);
  }

  async #end(candidates: readonly (ChildProcess | undefined)[], withinMs: number): Promise<void> {
    const children = candidates.filter((child) => child?.exitCode === null && child.signalCode === null);
    const gone = children.map(async (child) => {
      if (!child) return;
      this.#ending.add(child);
      const exit = new Promise<void>((resolve) => void child.once("exit", () => resolve()));
      child.kill("SIGTERM");
      await exit;
    });
    const timer = setTimeout(() => children.forEach((child) => child?.kill("SIGKILL")), withinMs);
    await Promise.all(gone);
    clearTimeout(timer);
  }

  async #restart(
    name: string,
    args: readonly string[],
    env: Readonly<Record<string, string>>,
  ): Promise<void> {
    this.#onCrash(name, this.#logFile(name));
    await this.serve(name, args, env).catch((error: unknown) => console.error(String(error)));
  }

  #spawn(name: string, args: readonly string[], env: Readonly<Record<string, string>>): ChildProcess {
    const child = spawn(process.execPath, args, {
      // What a start has compiled the next one reads: 5.2 s become 3.8.
      env: { NODE_COMPILE_CACHE: this.#compileCache, ...process.env, ...env },
      stdio:
        this.#output === "console"
          ? ["ignore", "inherit", "inherit", "ipc"]
          : ["ignore", "pipe", "pipe", "ipc"],
    });
    if (this.#output === "files") this.#keepOutput(name, child);
    // Whoever profiles the app asks for it by its number.
    writeFileSync(path.join(this.#folder, `${name}.pid`), String(child.pid ?? ""));
    this.#running.set(name, child);
    return child;
  }

  #keepOutput(name: string, child: ChildProcess): void {
    const log = createWriteStream(this.#logFile(name), { flags: "a" });
    child.stdout?.pipe(log, { end: false });
    child.stderr?.pipe(log, { end: false });
  }

  #logFile(name: string): string {
    return path.join(this.#folder, `${name}.log`);
  }

  #tail(name: string): string {
    if (this.#output === "console") return "what it said stands above.";
    return readFileSync(this.#logFile(name), "utf8").split("\n").slice(-30).join("\n");
  }
}
