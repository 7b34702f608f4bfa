import { cn } from "#/app/_ui/class-names.ts";

/** A stone lies, is the one where somebody is, or is still to come. */
export type PiledStone = "laid" | "here" | "open";

interface StonePileProps {
  /** From the ground up, at most four. */
  readonly stones: readonly PiledStone[];
  readonly className?: string;
}

/** The drawn outlines, from the ground up, with where they lie and the lines in them. */
const OUTLINES = [
  {
    place: "translate(51 144.7) scale(1.78) rotate(0 50 14)",
    edge: "M2 17C1 8 16 2 38 1 66-1 97 4 98 15c1 9-17 12.6-48 12.6C20 27.6 3 26 2 17Z",
    strata: "M14 12C34 7 58 8 78 10M30 18C48 15.500 66 16 88 19",
  },
  {
    place: "translate(75 101.9) scale(1.46) rotate(-1.6 50 15.5)",
    edge: "M2 18C2 8 18 0 46 0c34 0 52 7 52 17 0 10-20 14-50 14C18 31 2 28 2 18Z",
    strata: "M16 13C36 8 62 8 86 15",
  },
  {
    place: "translate(74 61.9) scale(1.18) rotate(2 50 18)",
    edge: "M1 20C0 9 20 0 50 1c32 1 50 9 49 20-1 10-21 15-51 15C20 36 2 32 1 20Z",
    strata: "M18 14C34 9 54 9 70 11M40 23C56 21 72 22 86 25",
  },
  {
    place: "translate(100 27.5) scale(0.9) rotate(-2.4 50 20.5)",
    edge: "M2 24C1 10 18 0 46 0c32 0 54 10 52 24-2 12-22 17-48 17S3 37 2 24Z",
    strata: "M20 16C38 11 58 12 74 16",
  },
] as const;

/** Stones of every other layer differ, so that laid ones are told apart. */
const LAID = ["var(--stone-2)", "var(--stone-3)"] as const;

/** A pile of stones that grows upwards and rests on a line. What it shows is told beside it. */
export function StonePile({ stones, className }: StonePileProps) {
  return (
    <svg viewBox="0 0 280 204" aria-hidden className={cn("h-auto max-w-full", className)}>
      <path d="M16 191H264" stroke="var(--line-2)" />
      {OUTLINES.slice(0, stones.length).map(({ place, edge, strata }, layer) => (
        <g key={place} transform={place} strokeWidth={1.25} strokeLinecap="round">
          {stones[layer] === "open" ? (
            <path
              d={edge}
              fill="none"
              stroke="var(--ink-4)"
              strokeDasharray="3 4"
              vectorEffect="non-scaling-stroke"
            />
          ) : (
            <>
              <path d={edge} fill={stones[layer] === "here" ? "var(--tarn)" : LAID[layer % 2]} />
              <path
                d={strata}
                fill="none"
                stroke="var(--sheet)"
                strokeOpacity={stones[layer] === "here" ? 0.32 : 0.6}
                vectorEffect="non-scaling-stroke"
              />
            </>
          )}
        </g>
      ))}
    </svg>
  );
}
