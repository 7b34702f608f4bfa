import { createHash } from "node:crypto";
import type { ChangesBelow, RunBelow } from "#/db/runs-below.ts";
import type { RunSummary, StepLog } from "#/db/runs.ts";
import type { RunEvents } from "#/operations/runs/live/events.ts";

/** The sources that a follower of the runs below a run reads. */
export interface ChildrenSources {
  /** Which of them have changed since a mark, and the mark from which the next answer misses nothing. */
  readonly findChanges: (since: string, most: number) => Promise<ChangesBelow>;
  readonly read: (lines: {
    readonly known: ReadonlyMap<string, number>;
    readonly since: string;
    readonly limit: number;
  }) => Promise<{
    readonly runs: readonly RunSummary[];
    readonly lines: readonly { readonly runId: string; readonly line: StepLog }[];
  }>;
}

interface ChildrenFollowerOptions {
  readonly sources: ChildrenSources;
  /** Where the client has stopped, as `place` said it; undefined for one that comes for the first time. */
  readonly place: string | undefined;
  /** A client that comes for the first time is told of the runs, and of no line that is there already. */
  readonly onlyNew: boolean;
  readonly tell: <Name extends "child" | "childStep" | "childrenBeyond">(
    name: Name,
    data: RunEvents[Name],
  ) => void;
  /** Resolves when the client has room again. */
  readonly drained: () => Promise<void>;
  readonly ended: AbortSignal;
}

/** A stream follows so many runs below its run; the others have streams of their own. */
const MOST_RUNS = 1_000;
const RUNS_A_READ = 50;
const LINES_A_READ = 200;

/**
 * Tells one client of the runs below a run: of each that is new or has changed, and the lines of their logs, those of one run in their order and
 * before the change that they belong to. It keeps a number and a digest for each run, and nothing else.
 */
export class ChildrenFollower {
  readonly #options: ChildrenFollowerOptions;
  /** The last line of each run that this connection has told. */
  readonly #seen = new Map<string, number>();
  /** How each run was when it was told last. */
  readonly #told = new Map<string, string>();
  #place: string | undefined;
  #saidBeyond = false;

  constructor(options: ChildrenFollowerOptions) {
    this.#options = options;
    this.#place = options.place;
  }

  /**
   * The mark up to which everything has been told; undefined before it has. `0.mark` is of a client that is still being told which runs there are, and
   * knows the lines up to the mark, or does not want them.
   */
  get place(): string | undefined {
    return this.#place;
  }

  /** Tells everything that has changed since it was here last. */
  async look(): Promise<void> {
    const { sources, ended } = this.#options;
    const [runsSince = "0", asked] = this.#place?.split(".") ?? [];
    const { since, mark, whole, changed } = await sources.findChanges(runsSince, MOST_RUNS);
    const linesSince = asked ?? this.#beginAt(mark) ?? since;
    this.#sayBeyond(!whole);
    for (let from = 0; from < changed.length && !ended.aborted; from += RUNS_A_READ)
      await this.#tellSome(changed.slice(from, from + RUNS_A_READ), linesSince);
    if (!ended.aborted) this.#place = mark;
  }

  /** Lets a client that wants new lines alone begin with those after the mark: a connection that breaks before all is told must not cost any of them. */
  #beginAt(mark: string): string | undefined {
    if (!this.#options.onlyNew || this.#place !== undefined) return undefined;
    this.#place = `0.${mark}`;
    return mark;
  }

  #sayBeyond(isBeyond: boolean): void {
    if (isBeyond && !this.#saidBeyond) this.#options.tell("childrenBeyond", { followed: MOST_RUNS });
    this.#saidBeyond = isBeyond;
  }

  async #tellSome(some: readonly RunBelow[], since: string): Promise<void> {
    const { sources, drained, ended } = this.#options;
    const below = new Map(some.map((one) => [one.runId, one]));
    for (let full = true; full && !ended.aborted;) {
      const known = new Map(some.map(({ runId }) => [runId, this.#seen.get(runId) ?? 0]));
      const { runs, lines } = await sources.read({ known, since, limit: LINES_A_READ });
      for (const { runId, line } of lines) this.#tellLine(below.get(runId), line);
      full = lines.length === LINES_A_READ;
      // A run is told with its last line, and not as over before that.
      if (!full) for (const run of runs) this.#tellRun(below.get(run.id), run);
      await drained();
    }
  }

  #tellLine(below: RunBelow | undefined, line: StepLog): void {
    if (!below) return;
    this.#seen.set(below.runId, line.seq);
    this.#options.tell("childStep", { ...copy(below), line });
  }

  #tellRun(below: RunBelow | undefined, run: RunSummary): void {
    if (!below) return;
    const digest = createHash("sha256").update(JSON.stringify(run)).digest("base64url");
    if (this.#told.get(run.id) === digest) return;
    this.#told.set(run.id, digest);
    this.#options.tell("child", { ...copy(below), run });
  }
}

const copy = ({ runId, path }: RunBelow) => ({ runId, path: [...path] });
