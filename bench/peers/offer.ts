/** How many steps every run has, in every system. */
export const STEPS = 10;

/** One engine under measurement. It lives in a process of its own. */
export interface System {
  /** What exactly was measured, with versions. */
  readonly version: string;
  /** One run of STEPS steps, from asking for it until its end is known. @throws when the result is not the expected one */
  readonly run: () => Promise<void>;
  /** Processes that only stand in for a service of a cloud: their CPU is told apart. */
  readonly standIns?: readonly number[];
}

/** Keeps `callers` runs under way for about `seconds`. */
export interface Round {
  readonly callers: number;
  readonly seconds: number;
}

export type Message =
  | { readonly kind: "ready"; readonly version: string; readonly standIns: readonly number[] }
  | { readonly kind: "measured"; readonly runsMs: readonly number[]; readonly wallMs: number }
  | { readonly kind: "failed"; readonly reason: string };

/** Offers a system to the process that measures it, and ends with that process. */
export function offer({ version, run, standIns = [] }: System): void {
  process.on("message", (round: Round) => {
    closedLoop(round, run).then(tell, (error: unknown) => tell({ kind: "failed", reason: String(error) }));
  });
  process.on("disconnect", () => process.exit(0));
  tell({ kind: "ready", version, standIns });
}

function tell(message: Message): void {
  process.send?.(message);
}

/** A caller starts its next run when its last one has ended, until the time is over. Runs under way are waited for and counted. */
async function closedLoop({ callers, seconds }: Round, run: () => Promise<void>): Promise<Message> {
  const runsMs: number[] = [];
  const from = performance.now();
  const caller = async () => {
    do {
      const started = performance.now();
      await run();
      runsMs.push(performance.now() - started);
    } while (performance.now() - from < seconds * 1000);
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return { kind: "measured", runsMs, wallMs: performance.now() - from };
}
