import type { ChildrenTold } from "#/operations/runs/contract.ts";
import { ChildrenFollower, type ChildrenSources } from "#/operations/runs/live/children-follower.ts";
import type { RunEvents } from "#/operations/runs/live/events.ts";
import { parseChunk, type TaskChunk } from "#/operations/runs/live/live-chunk.ts";
import { formatPosition, type StreamPosition } from "#/operations/runs/live/stream-position.ts";
import { TextOrder } from "#/operations/runs/live/text-order.ts";
import { isEnded } from "#/agents/vocabulary/run.ts";
import type { Run, StepLog } from "#/db/runs.ts";
import type { LiveEntry } from "#/lib/cloud/live-output.ts";
import type { EventSink } from "#/lib/http/event-stream.ts";

/** The sources that a follower reads: the durable log, and the live output, which is a convenience and may be gone. */
export interface RunSources {
  readonly readProgress: (
    seq: number,
    limit: number,
  ) => Promise<{ readonly run: Run | undefined; readonly steps: readonly StepLog[] }>;
  readonly readLive: (afterId: string, count: number) => Promise<readonly LiveEntry[]>;
  /** Of the runs below it, for a client that wants them: all lines of theirs, or new ones alone. */
  readonly children?: (ChildrenSources & { readonly told: ChildrenTold }) | undefined;
}

type LivePosition = Pick<StreamPosition, "entryId" | "chunks">;

const STEPS_A_READ = 200;
const ENTRIES_A_READ = 200;

/** Tells one client of one run: steps from the durable log, text and tools from the live output, each once and in order. */
export class RunFollower {
  readonly #sources: RunSources;
  readonly #sink: EventSink;
  /** Tasks that the client has a line of the log of, and when that try began: what it said live before is of no interest any more. */
  readonly #logged = new Map<string, number>();
  readonly #texts: TextOrder;
  readonly #children: ChildrenFollower | undefined;
  #place: StreamPosition;
  #lastRun = "";
  #lastAccount = "";
  #told = 0;

  constructor(sources: RunSources, sink: EventSink, place: StreamPosition) {
    this.#sources = sources;
    this.#sink = sink;
    this.#place = place;
    this.#texts = new TextOrder({ isUnbroken: !isFresh(place) });
    const { children } = sources;
    this.#children = children && this.#followChildren(children, children.told === "new");
  }

  /** The number of events it has sent. */
  get told(): number {
    return this.#told;
  }

  /** Tells what is there when a client comes. The log comes first: it does not depend on the live output. */
  async catchUp(): Promise<void> {
    await this.#readDurable();
    await this.#skipCommitted();
    await this.readLive();
    await this.#children?.look();
  }

  /** Tells what is new in the live output; a commit seen there brings the steps that it made durable. */
  async readLive(): Promise<void> {
    for await (const entry of this.#liveEntries(() => this.#place.entryId)) {
      if (entry.previousId !== this.#place.entryId && !isFresh(this.#place)) await this.#crossGap(entry);
      await this.#tellEntry(entry);
    }
  }

  /** Tells what is new anywhere. */
  async readAll(): Promise<void> {
    await this.readLive();
    await this.#readDurable();
    await this.#children?.look();
  }

  #followChildren(sources: ChildrenSources, onlyNew: boolean): ChildrenFollower {
    return new ChildrenFollower({
      sources,
      onlyNew,
      place: this.#place.below,
      tell: (name, data) => this.#send(name, data),
      drained: () => this.#sink.drained(),
      ended: this.#sink.ended,
    });
  }

  /** Skips what was live before the newest commit, since it is in the log: a client that comes, or comes back, gets it from there. */
  async #skipCommitted(): Promise<void> {
    let readTo = this.#place.entryId;
    let newest: { readonly place: LivePosition; readonly seq: number } | undefined;
    for await (const entry of this.#liveEntries(() => readTo)) {
      entry.chunks.forEach((raw, index) => {
        const chunk = parseChunk(raw);
        if (chunk?.type === "committed") newest = { place: after(entry, index), seq: chunk.seq };
      });
      readTo = entry.id;
    }
    if (!newest) return;
    this.#texts.lose();
    this.#place = { ...this.#place, ...newest.place };
    if (newest.seq > this.#place.seq) await this.#readDurable();
  }

  async *#liveEntries(afterId: () => string): AsyncGenerator<LiveEntry> {
    for (let full = true; full && !this.#sink.ended.aborted;) {
      const entries = await this.#sources.readLive(afterId(), ENTRIES_A_READ);
      yield* entries;
      full = entries.length === ENTRIES_A_READ;
      await this.#sink.drained();
    }
  }

  /** The live output has dropped entries that the client has not seen. Commits may be among them, and parts of texts. */
  async #crossGap({ previousId }: LiveEntry): Promise<void> {
    this.#texts.lose();
    this.#place = { ...this.#place, entryId: previousId, chunks: 0 };
    await this.#readDurable();
  }

  async #tellEntry(entry: LiveEntry): Promise<void> {
    for (let index = this.#place.chunks; index < entry.chunks.length; index += 1) {
      this.#place = { ...this.#place, ...after(entry, index) };
      const chunk = parseChunk(entry.chunks[index]);
      if (chunk?.type === "committed") await this.#readDurable();
      else if (chunk) this.#tellChunk(chunk, entry.epoch);
    }
    this.#place = { ...this.#place, entryId: entry.id, chunks: 0 };
  }

  #tellChunk(chunk: TaskChunk, epoch: number): void {
    if (!this.#isNews(chunk)) return;
    const { type: _type, ...data } = chunk;
    switch (chunk.type) {
      case "started":
        this.#texts.begin({ ...chunk, epoch });
        return this.#send("started", { ...data, epoch, startedAt: new Date(chunk.startedAt).toISOString() });
      case "tool":
      case "aside":
        return this.#send(chunk.type, { ...data, epoch });
      case "delta": {
        const piece = this.#texts.take({ ...chunk, epoch });
        if (piece)
          this.#send("delta", {
            step: piece.step,
            taskId: piece.taskId,
            epoch,
            offset: piece.offset,
            text: piece.text,
          });
      }
    }
  }

  /** A task that is in the log is news again once it has begun anew. */
  #isNews(chunk: TaskChunk): boolean {
    const logged = this.#logged.get(chunk.taskId);
    if (logged === undefined) return true;
    if (chunk.type !== "started" || chunk.startedAt <= logged) return false;
    return this.#logged.delete(chunk.taskId);
  }

  async #readDurable(): Promise<void> {
    for (let full = true; full && !this.#sink.ended.aborted;) {
      const { run, steps } = await this.#sources.readProgress(this.#place.seq, STEPS_A_READ);
      for (const step of steps) this.#tellStep(step);
      full = steps.length === STEPS_A_READ;
      if (!run) return this.#sink.end();
      this.#tellRun(run);
      if (!full && isEnded(run.status)) await this.#end(run.status);
      await this.#sink.drained();
    }
  }

  /** What a run has started has ended with it, in the same transaction. */
  async #end(status: Run["status"]): Promise<void> {
    await this.#children?.look();
    this.#send("end", { status });
    this.#sink.end();
  }

  #tellStep(step: StepLog): void {
    this.#logged.set(step.taskId, Date.parse(step.startedAt ?? step.at));
    this.#place = { ...this.#place, seq: step.seq };
    this.#send("step", step);
  }

  #tellRun(run: Run): void {
    const { account, ...rest } = run;
    const [text, accountText] = [JSON.stringify(rest), JSON.stringify(account)];
    // Runs that it has started spend all the time: that is no reason to send its whole state again.
    if (text !== this.#lastRun) this.#send("run", run);
    else if (accountText !== this.#lastAccount) this.#send("account", account);
    this.#lastRun = text;
    this.#lastAccount = accountText;
  }

  #send(name: keyof RunEvents, data: unknown): void {
    this.#told += 1;
    const id = formatPosition({ ...this.#place, below: this.#children?.place });
    this.#sink.send({ name, id, data });
  }
}

/** Nothing live has been read yet. */
function isFresh({ entryId, chunks }: LivePosition): boolean {
  return entryId === "0" && chunks === 0;
}

/** The place right after one chunk of an entry. */
function after(entry: LiveEntry, index: number): LivePosition {
  return index === entry.chunks.length - 1
    ? { entryId: entry.id, chunks: 0 }
    : { entryId: entry.previousId, chunks: index + 1 };
}
