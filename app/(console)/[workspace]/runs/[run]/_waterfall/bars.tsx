import { cn } from "#/app/_ui/class-names.ts";
import type { Bar, BarLook, Span } from "./span.ts";
import { sayOutcome } from "./say-outcome.ts";
import type { TimeScale } from "./time-scale.ts";

const HATCH =
  "bg-wait-soft bg-[repeating-linear-gradient(-45deg,var(--wait)_0_3px,transparent_3px_6px)] inset-ring inset-ring-wait";
const TICKS = "bg-[repeating-linear-gradient(90deg,var(--stone-2)_0_2px,transparent_2px_5px)]";

/** The look of each way to spend time: shape and colour, so that none is told by colour alone. */
export const BAR_LOOK: Readonly<Record<BarLook, string>> = {
  group: "h-3 rounded-[3px] bg-stone-3",
  model: "h-3 rounded-[3px] bg-tarn",
  work: "h-3 rounded-[3px] bg-stone",
  live: "h-3 rounded-[3px] bg-run",
  person: cn("h-3 rounded-[3px]", HATCH),
  time: cn("h-1.5", TICKS),
  runs: "h-3 rounded-[3px] bg-stone-3",
  tried: "h-3 rounded-[3px] inset-ring-[1.5px] inset-ring-fail",
  failed: "h-3 rounded-[3px] bg-fail",
  stopped: "h-3 rounded-[3px] inset-ring inset-ring-ink-4",
};

const percent = (part: number) => `${(part * 100).toFixed(3)}%`;

interface BarsProps {
  readonly span: Span;
  readonly scale: TimeScale;
}

/** The bars of a line in their lane, and beside the last one what came of it, where there is room. */
export function Bars({ span, scale }: BarsProps) {
  const end = span.time ? scale.place(span.time.to) : 1;
  return (
    <div aria-hidden className="relative h-full">
      {span.bars.map((bar) => (
        <OneBar key={`${bar.look} ${bar.from}`} bar={bar} scale={scale} />
      ))}
      {end < LAST_WORD && <Outcome span={span} left={end} />}
    </div>
  );
}

/** Beyond this there is no room for words. */
const LAST_WORD = 0.7;

function OneBar({ bar: { look, from, to }, scale }: { readonly bar: Bar; readonly scale: TimeScale }) {
  const left = scale.place(from);
  return (
    <i
      className={cn("absolute top-1/2 min-w-[3px] -translate-y-1/2", BAR_LOOK[look])}
      style={{ left: percent(left), width: percent(scale.place(to) - left) }}
    />
  );
}

function Outcome({ span, left }: { readonly span: Span; readonly left: number }) {
  const words = sayOutcome(span);
  if (!words) return undefined;
  return (
    <em
      className={cn(
        "absolute top-1/2 right-2 ml-2 hidden -translate-y-1/2 truncate text-2xs not-italic md:block",
        words.loud ? "font-medium text-wait-text" : "text-ink-3",
      )}
      style={{ left: percent(left) }}
    >
      <span className={words.loud ? "rounded-sm bg-sheet px-1" : ""}>{words.text}</span>
    </em>
  );
}
