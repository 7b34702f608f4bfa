import { cn } from "#/app/_ui/class-names.ts";
import { formatDuration } from "#/app/_ui/format.ts";
import { BAR_LOOK } from "./bars.tsx";
import type { BarLook, Span } from "./span.ts";
import { listBars } from "./time-scale.ts";

const SHARES: readonly {
  readonly looks: readonly BarLook[];
  readonly look: BarLook;
  readonly word: string;
}[] = [
  { looks: ["model"], look: "model", word: "model" },
  { looks: ["work", "live"], look: "work", word: "tools and steps" },
  { looks: ["runs"], look: "runs", word: "other runs" },
  { looks: ["person"], look: "person", word: "waiting for a person" },
  { looks: ["time"], look: "time", word: "waiting for time" },
  { looks: ["tried", "failed"], look: "tried", word: "failed tries" },
];

/** Shows the shares of a run's time, true ones: long waits are not folded here. */
export function TimeShares({ spans }: { readonly spans: readonly Span[] }) {
  const bars = spans.flatMap((span) => listBars(span));
  const shares = SHARES.map(({ looks, look, word }) => ({
    look,
    word,
    ms: bars.filter((bar) => looks.includes(bar.look)).reduce((sum, { from, to }) => sum + to - from, 0),
  })).filter(({ ms }) => ms > 0);
  if (shares.length === 0) return undefined;
  return (
    <div className="grid gap-2 border-t border-line px-6 pt-3 pb-4 max-md:px-4">
      <div aria-hidden className="flex h-2 gap-0.5">
        {shares.map(({ word, look, ms }) => (
          <i
            key={word}
            suppressHydrationWarning
            className={cn("min-w-[3px] basis-0", BAR_LOOK[look], "h-2 rounded-xs")}
            style={{ flexGrow: ms }}
          />
        ))}
      </div>
      <ul aria-label="Where the time went" className="flex flex-wrap gap-x-5 gap-y-1 text-2xs text-ink-3">
        {shares.map(({ word, look, ms }) => (
          <li key={word} className="flex items-center gap-1.5">
            <i aria-hidden className={cn("w-3.5 shrink-0", BAR_LOOK[look], look === "time" ? "" : "h-2")} />
            {word}
            <b suppressHydrationWarning className="font-medium text-ink-2">
              {formatDuration(ms)}
            </b>
          </li>
        ))}
      </ul>
    </div>
  );
}
