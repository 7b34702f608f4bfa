import { cn } from "#/app/_ui/class-names.ts";
import type { RunSummary } from "#/operations/runs/contract.ts";

const MOST_STONES = 10;

/** The checkpoints of a run as stones, the last one in the colour of how it stands. The status says the same in words. */
export function RunTrail({ run: { step, status } }: { readonly run: Pick<RunSummary, "step" | "status"> }) {
  const stones = Math.min(step, MOST_STONES);
  return (
    <span aria-hidden className="flex items-center gap-0.5">
      {Array.from({ length: stones }, (_, stone) => (
        <i key={stone} className={cn("pebble", stone === stones - 1 ? (LAST[status] ?? PLAIN) : PLAIN)} />
      ))}
      {step > MOST_STONES && <span className="pl-1 text-2xs text-ink-3">{step}</span>}
    </span>
  );
}

const PLAIN = "h-1.5 w-2 bg-stone-2";

const LAST: Readonly<Record<string, string>> = {
  running: "h-1.5 w-2 bg-run",
  retrying: "h-1.5 w-2 bg-run",
  waiting: "h-2 w-2.5 bg-wait",
  paused: "h-2 w-2.5 bg-wait",
  failed: "h-2 w-2.5 bg-fail",
  timed_out: "h-2 w-2.5 bg-fail",
};
