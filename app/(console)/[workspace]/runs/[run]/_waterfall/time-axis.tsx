import { cn } from "#/app/_ui/class-names.ts";
import { formatDuration } from "#/app/_ui/format.ts";
import { COLUMNS } from "./span-row.tsx";
import { listTicks, type TimeScale } from "./time-scale.ts";

const at = (left: number) => ({ left: `${(left * 100).toFixed(3)}%` });

/** The moments above the lanes. A folded wait has its true length written in it. */
export function TimeAxis({ scale }: { readonly scale: TimeScale }) {
  return (
    <div
      aria-hidden
      className={cn(COLUMNS, "sticky top-0 z-10 h-6 border-b border-line bg-sheet text-2xs text-ink-3")}
    >
      <span />
      <span className="@container relative">
        {listTicks(scale).map(({ key, left, ms, folded }, index) => (
          <span
            key={key}
            suppressHydrationWarning
            className={cn(
              "absolute leading-5 whitespace-nowrap",
              left > 0.04 && "-translate-x-1/2",
              !folded && ms > 0 && (index % 2 === 1 ? "@max-md:hidden" : "@max-3xs:hidden"),
            )}
            style={at(left)}
          >
            {ms === 0 ? "0 s" : formatDuration(ms)}
          </span>
        ))}
      </span>
      <span />
    </div>
  );
}

/** Thin lines through all lanes: at round moments, dashed where a wait is folded. */
export function AxisLines({ scale }: { readonly scale: TimeScale }) {
  const folds = scale.parts.filter(({ folded }) => folded);
  return (
    <div aria-hidden className={cn(COLUMNS, "pointer-events-none absolute inset-0")}>
      <span />
      <span className="relative">
        {listTicks(scale)
          .filter(({ folded }) => !folded)
          .map(({ key, left }) => (
            <i key={key} className="absolute inset-y-0 w-px bg-line contrast:opacity-30" style={at(left)} />
          ))}
        {folds.flatMap(({ from, left, width }) =>
          [left, left + width].map((edge) => (
            <i
              key={`${from}-${edge}`}
              className="absolute inset-y-0 border-l border-dashed border-line-2"
              style={at(edge)}
            />
          )),
        )}
      </span>
    </div>
  );
}
