import * as v from "valibot";
import { type RunEvents, StepDelta, StepStarted } from "#/app/api/v1/runs/contract.ts";
import { formatPlace, type RunPlace } from "#/app/api/v1/runs/place.ts";
import { hasEnded } from "#/app/api/v1/runs/wait.ts";
import type { Run, StepLog } from "#/db/runs.ts";
import type { LiveEntry } from "#/lib/cloud/live-output.ts";
import type { EventSink } from "#/lib/http/event-stream.ts";

/** Where a follower reads: the durable log, and the live output, which is a convenience and may be gone. */
export interface RunSources {
  readonly readProgress: (seq: number, limit: number) => Promise<{ readonly run: Run | undefined; readonly steps: readonly StepLog[] }>;
  readonly readLive: (afterId: string, count: number) => Promise<readonly LiveEntry[]>;
}

type Chunk = LiveEntry["chunks"][number];

const STEPS_A_READ = 200;
const ENTRIES_A_READ = 200;

/** Tells one client of one run: steps from the durable log, text from the live output, each once and in order. */
export class RunFollower {
  readonly #sources: RunSources;
  readonly #sink: EventSink;
  /** Tasks whose whole result the client has: late pieces of their text say nothing new. */
  readonly #committedTasks = new Set<string>();
  #place: RunPlace;
  #lastRun = "";

  constructor(sources: RunSources, sink: EventSink, place: RunPlace) {
    this.#sources = sources;
    this.#sink = sink;
    this.#place = place;
  }

  /** What is there when a client comes. One that has seen nothing yet gets no live text of steps that are in the log already. */
  async catchUp(): Promise<void> {
    if (this.#place.entryId === "0") await this.#skipCommittedOutput();
    await this.#readDurable();
    await this.readLive();
  }

  /** What is new in the live output; a commit seen there brings the steps that it made durable. */
  async readLive(): Promise<void> {
    for (let full = true; full && !this.#sink.ended.aborted; ) {
      const entries = await this.#sources.readLive(this.#place.entryId, ENTRIES_A_READ);
      for (const entry of entries) await this.#tellEntry(entry);
      full = entries.length === ENTRIES_A_READ;
    }
  }

  /** What is new anywhere. */
  async readAll(): Promise<void> {
    await this.readLive();
    await this.#readDurable();
  }

  async #skipCommittedOutput(): Promise<void> {
    let readTo = "0";
    for (let full = true; full; ) {
      const entries = await this.#sources.readLive(readTo, ENTRIES_A_READ);
      for (const entry of entries) {
        const committed = entry.chunks.findLastIndex((chunk) => chunk.type === "committed");
        if (committed >= 0) this.#place = { ...this.#place, ...after(entry, committed, readTo) };
        readTo = entry.id;
      }
      full = entries.length === ENTRIES_A_READ;
    }
  }

  async #tellEntry(entry: LiveEntry): Promise<void> {
    const before = this.#place.entryId;
    for (let index = this.#place.chunks; index < entry.chunks.length; index += 1) {
      this.#place = { ...this.#place, ...after(entry, index, before) };
      const chunk = entry.chunks[index];
      if (chunk) await this.#tellChunk(chunk);
    }
    this.#place = { ...this.#place, entryId: entry.id, chunks: 0 };
  }

  async #tellChunk(chunk: Chunk): Promise<void> {
    if (chunk.type === "committed") return this.#readDurable();
    const parsed = v.safeParse(v.object({ taskId: v.string() }), chunk);
    if (!parsed.success || this.#committedTasks.has(parsed.output.taskId)) return;
    if (chunk.type === "started" && v.is(StepStarted, chunk)) this.#send("started", v.parse(StepStarted, chunk));
    if (chunk.type === "delta" && v.is(StepDelta, chunk)) this.#send("delta", v.parse(StepDelta, chunk));
  }

  async #readDurable(): Promise<void> {
    for (let full = true; full && !this.#sink.ended.aborted; ) {
      const { run, steps } = await this.#sources.readProgress(this.#place.seq, STEPS_A_READ);
      for (const step of steps) this.#tellStep(step);
      full = steps.length === STEPS_A_READ;
      if (!run) return this.#sink.end();
      this.#tellRun(run);
      if (!full && hasEnded(run.status)) {
        this.#send("end", { status: run.status });
        this.#sink.end();
      }
    }
  }

  #tellStep(step: StepLog): void {
    if (step.status !== "retrying") this.#committedTasks.add(step.taskId);
    this.#place = { ...this.#place, seq: step.seq };
    this.#send("step", step);
  }

  #tellRun(run: Run): void {
    const text = JSON.stringify(run);
    if (text === this.#lastRun) return;
    this.#lastRun = text;
    this.#send("run", run);
  }

  #send(name: keyof RunEvents, data: unknown): void {
    this.#sink.send({ name, id: formatPlace(this.#place), data });
  }
}

/** The place right after one chunk of an entry. */
function after(entry: LiveEntry, index: number, entryBefore: string): Pick<RunPlace, "entryId" | "chunks"> {
  return index === entry.chunks.length - 1 ? { entryId: entry.id, chunks: 0 } : { entryId: entryBefore, chunks: index + 1 };
}
