import cluster, { type Worker } from "node:cluster";
import { setTimeout as sleep } from "node:timers/promises";
import { LEAVE } from "#/local/web/leave-politely.ts";

export interface WorkerOptions {
  /** Asked before each process is started: the program, and the folder that it runs in. */
  readonly program: () => { readonly file: string; readonly folder: string };
  readonly args: readonly string[];
  readonly count: number;
  /** How long a process that has to go may still answer. */
  readonly graceMs: number;
  readonly say: (text: string) => void;
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;
/** Kept connections end with an answer that says so. One that is closed between two of them may meet the next request on its way, which would be lost. */
const FAREWELL_MS = 1_000;
/** One that has lived for so long was no failed start. */
const LIVED_MS = 30_000;

/** Processes that share one port. One that dies is replaced; all of them can be replaced one after the other, while the others serve. */
export class Workers {
  readonly #options: WorkerOptions;
  readonly #serving = new Set<Worker>();
  #pauseMs = FIRST_PAUSE_MS;
  #isStopping = false;
  #reloading: Promise<void> | undefined;

  constructor(options: WorkerOptions) {
    this.#options = options;
  }

  /** Starts them. Resolves when each listens. */
  async start(): Promise<void> {
    const started = await Promise.all(Array.from({ length: this.#options.count }, () => this.#add()));
    if (started.includes(false)) throw new Error("A process of the app does not start.");
  }

  /** Replaces each by a new one, which serves before the old one goes. What an old one has begun it ends. */
  reload(): Promise<void> {
    this.#reloading ??= this.#replaceAll().finally(() => (this.#reloading = undefined));
    return this.#reloading;
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    await Promise.all([...this.#serving].map((worker) => this.#retire(worker)));
  }

  async #replaceAll(): Promise<void> {
    const before = Array.from(this.#serving);
    for (const old of before) {
      if (this.#isStopping) return;
      if (!(await this.#add()))
        return this.#options.say("the new process does not start: the old ones go on serving");
      await this.#retire(old);
    }
  }

  /** @returns whether it listens */
  async #add(): Promise<boolean> {
    const { file, folder } = this.#options.program();
    cluster.setupPrimary({
      exec: file,
      cwd: folder,
      args: [...this.#options.args],
      // The inspector stays closed until a signal opens it, at a port that is free then: each has its own (docs/profiling.md).
      execArgv: [...process.execArgv, "--inspect-port=0"],
      inspectPort: 0,
    });
    const worker = cluster.fork();
    const startedAt = Date.now();
    const listening = new Promise<boolean>((resolve) => {
      worker.once("listening", () => resolve(true));
      worker.once("exit", () => resolve(false));
    });
    worker.once(
      "exit",
      (code, signal) => void this.#replaceDead(worker, { startedAt, how: signal ?? `code ${code}` }),
    );
    if (!(await listening)) return false;
    this.#serving.add(worker);
    return true;
  }

  async #replaceDead(
    worker: Worker,
    { startedAt, how }: { readonly startedAt: number; readonly how: string },
  ): Promise<void> {
    // One that was asked to go, or a reload's that never served.
    if (this.#isStopping || !this.#serving.delete(worker)) return;
    this.#options.say(`process ${worker.process.pid} ended (${how}) and is replaced`);
    this.#pauseMs =
      Date.now() - startedAt > LIVED_MS ? FIRST_PAUSE_MS : Math.min(2 * this.#pauseMs, LONGEST_PAUSE_MS);
    await sleep(this.#pauseMs);
    while (!this.#isStopping && !(await this.#add())) await sleep(LONGEST_PAUSE_MS);
  }

  /** Asks it to go, and ends it when it has not gone in time: its runs continue from their last checkpoint elsewhere. */
  async #retire(worker: Worker): Promise<void> {
    this.#serving.delete(worker);
    if (worker.isDead()) return;
    const gone = new Promise<void>((resolve) => void worker.once("exit", () => resolve()));
    worker.send(LEAVE);
    await sleep(FAREWELL_MS);
    worker.process.kill("SIGTERM");
    const timer = setTimeout(() => {
      this.#options.say(
        `process ${worker.process.pid} has work left after ${this.#options.graceMs / 1000} s and is ended`,
      );
      worker.process.kill("SIGKILL");
    }, this.#options.graceMs);
    await gone;
    clearTimeout(timer);
  }
}
