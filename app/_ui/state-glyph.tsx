import type { ReactNode } from "react";
import { cn } from "#/app/_ui/class-names.ts";

/** The drawing of a state. Each has a shape of its own: no state is told by colour alone. */
export type Glyph = keyof typeof MARKS;

/** The outline of a stone on a field of 16 by 16. */
export const STONE =
  "M8.1 2.5c3.5 0 6.3 2 6.3 5.3 0 3.4-2.8 5.7-6.5 5.7-3.6 0-6.3-2.1-6.3-5.3 0-3.3 3-5.7 6.5-5.7Z";

const line = { fill: "none", strokeLinecap: "round", strokeLinejoin: "round" } as const;
const edge = { d: STONE, fill: "none", strokeWidth: 1.5 } as const;

const MARKS = {
  queued: <path {...edge} stroke="var(--ink-4)" strokeDasharray="2 2.6" />,
  running: (
    <>
      <path {...edge} stroke="var(--run)" strokeOpacity={0.28} strokeWidth={1.75} />
      <path
        {...line}
        d={STONE}
        pathLength={100}
        stroke="var(--run)"
        strokeWidth={1.75}
        strokeDasharray="30 70"
        className="origin-center animate-turn"
      />
    </>
  ),
  waiting: (
    <>
      <path d={STONE} fill="var(--wait)" />
      <path {...line} d="M6.4 5.8v4.6M9.7 5.8v4.6" stroke="var(--on-wait)" strokeWidth={1.75} />
    </>
  ),
  resting: (
    <>
      <path {...edge} stroke="var(--ink-4)" />
      <path {...line} d="M6.4 5.8v4.6M9.7 5.8v4.6" stroke="var(--ink-3)" strokeWidth={1.5} />
    </>
  ),
  done: <path {...line} d="M4.6 8.4 7 10.7l4.5-5" stroke="var(--ok)" strokeWidth={1.75} />,
  failed: (
    <>
      <path d={STONE} fill="var(--fail)" />
      <path {...line} d="m6.1 6.1 3.9 3.9m0-3.9-3.9 3.9" stroke="var(--on-fail)" strokeWidth={1.75} />
    </>
  ),
  stopped: (
    <>
      <path {...edge} stroke="var(--ink-4)" />
      <path {...line} d="M5.4 8h5.2" stroke="var(--ink-3)" strokeWidth={1.75} />
    </>
  ),
  refused: (
    <>
      <path {...edge} stroke="var(--ink-4)" />
      <path {...line} d="m6.1 6.1 3.9 3.9m0-3.9-3.9 3.9" stroke="var(--ink-3)" strokeWidth={1.5} />
    </>
  ),
  skipped: (
    <>
      <path {...edge} stroke="var(--ink-4)" strokeDasharray="2 2.6" />
      <path {...line} d="m6.4 5.8 2.6 2.2-2.6 2.2" stroke="var(--ink-3)" strokeWidth={1.5} />
    </>
  ),
} as const satisfies Record<string, ReactNode>;

interface StateGlyphProps {
  readonly glyph: Glyph;
  readonly className?: string;
}

export function StateGlyph({ glyph, className }: StateGlyphProps) {
  return (
    <svg viewBox="0 0 16 16" aria-hidden className={cn("size-4 shrink-0 overflow-visible", className)}>
      {MARKS[glyph]}
    </svg>
  );
}
