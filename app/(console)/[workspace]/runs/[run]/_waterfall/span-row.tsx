import {
  ChevronRight,
  Flag,
  Repeat,
  Sparkle,
  UserCheck,
  Users,
  Workflow,
  Wrench,
  Cog,
  type DrawnIcon,
} from "#/app/_ui/icons.tsx";
import { cn } from "#/app/_ui/class-names.ts";
import { formatDuration } from "#/app/_ui/format.ts";
import { StateGlyph } from "#/app/_ui/state-glyph.tsx";
import { lookOf } from "#/app/_ui/status-badge.tsx";
import { Bars } from "./bars.tsx";
import { isLoud, type Row } from "./rows.ts";
import type { Span } from "./span.ts";
import type { TimeScale } from "./time-scale.ts";

/** Name, lane and duration: the same columns for the axis and every line. */
export const COLUMNS =
  "grid grid-cols-[10.5rem_minmax(0,1fr)_5.5rem] md:grid-cols-[18.25rem_minmax(0,1fr)_6.5rem]";

interface SpanRowProps {
  readonly row: Extract<Row, { readonly kind: "span" }>;
  readonly id: string;
  readonly top: string;
  readonly scale: TimeScale;
  readonly selected: boolean;
  readonly onSelect: (key: string) => void;
  readonly onToggle: (key: string, open: boolean) => void;
}

/** One line of the waterfall. */
export function SpanRow({ row, id, top, scale, selected, onSelect, onToggle }: SpanRowProps) {
  const { span, level, open } = row;
  const isAhead = span.time === undefined;
  const isBad = span.status === "failed" || span.status === "timed_out";
  return (
    // The tree has the keys: its lines take no focus of their own.
    <div
      role="treeitem"
      tabIndex={-1}
      id={id}
      aria-level={level}
      aria-selected={selected}
      aria-expanded={open}
      onMouseDown={() => onSelect(span.key)}
      className={cn(
        COLUMNS,
        "absolute inset-x-0 h-(--row-tree) cursor-default items-center hover:bg-hover",
        selected && "bg-accent-soft inset-shadow-[2px_0_0_var(--accent)] hover:bg-accent-soft",
        isAhead && "text-ink-3",
      )}
      style={{ top }}
    >
      <Name row={row} onToggle={onToggle} />
      <Bars span={span} scale={scale} />
      <span
        suppressHydrationWarning
        className={cn(
          "pr-3 pl-2 text-right text-xs whitespace-nowrap md:pr-6",
          isBad ? "font-medium text-fail-text" : isAhead ? "text-ink-3" : "text-ink-2",
        )}
      >
        {span.time ? formatDuration(span.time.to - span.time.from) : lookOf(span.status).label.toLowerCase()}
      </span>
    </div>
  );
}

function Name({ row, onToggle }: Pick<SpanRowProps, "row" | "onToggle">) {
  const { span, level, open } = row;
  return (
    <div
      className="relative flex h-full min-w-0 items-center gap-2 pr-2"
      style={{ paddingLeft: indent(level) }}
    >
      <Trail row={row} />
      {level > 1 && <Elbow level={level} />}
      <Mark span={span} level={level} />
      <span
        className={cn(
          "min-w-0 truncate",
          level === 1 && "font-medium",
          level > 1 && span.time && "text-ink-2",
        )}
      >
        {span.name}
      </span>
      {span.note !== undefined && (
        <span className="min-w-0 shrink-[2] truncate text-xs text-ink-3 max-md:hidden">{span.note}</span>
      )}
      <span className="sr-only">{lookOf(span.status).label}</span>
      {open !== undefined && (
        <ChevronRight
          aria-hidden
          onMouseDown={(event) => {
            event.stopPropagation();
            onToggle(span.key, !open);
          }}
          className={cn(
            "ml-auto size-3.5 shrink-0 text-ink-3 transition-transform duration-(--fast)",
            open && "rotate-90",
          )}
        />
      )}
    </div>
  );
}

const indent = (level: number) =>
  `calc(${level === 1 ? 0.75 : 1.375 * (level - 1) + 1.125}rem + var(--inset, 0px))`;

const PATH_LOOK: Readonly<Record<SpanRowProps["row"]["path"], string>> = {
  begins: "top-1/2 bottom-0",
  continues: "inset-y-0",
  ends: "top-0 bottom-1/2",
  "is over": "hidden",
};

/** The line that the stones of the path lie on. */
function Trail({ row: { path, span } }: Pick<SpanRowProps, "row">) {
  return (
    <span
      aria-hidden
      className={cn(
        "absolute left-[calc(1.25rem-0.5px+var(--inset,0px))] w-px",
        span.time ? "bg-line-2" : "bg-[repeating-linear-gradient(var(--line-2)_0_3px,transparent_3px_6px)]",
        PATH_LOOK[path],
      )}
    />
  );
}

/** Leads from the line above to one that lies below it. */
function Elbow({ level }: { readonly level: number }) {
  return (
    <span
      aria-hidden
      className="absolute -top-[30%] bottom-1/2 w-2 rounded-bl-sm border-b border-l border-line-2"
      style={{ left: `calc(${indent(level)} - 0.5rem)` }}
    />
  );
}

const STONE = "M8.1 2.5c3.5 0 6.3 2 6.3 5.3 0 3.4-2.8 5.7-6.5 5.7-3.6 0-6.3-2.1-6.3-5.3 0-3.3 3-5.7 6.5-5.7Z";

/** A step is a stone, whose state is its shape; what is below it has the icon of its kind. */
function Mark({ span, level }: { readonly span: Span; readonly level: number }) {
  if (level === 1 && span.status === "succeeded")
    return (
      <svg viewBox="0 0 16 16" aria-hidden className="relative size-4 shrink-0">
        <path d={STONE} fill="var(--stone-2)" />
      </svg>
    );
  if (level === 1 || isLoud(span.status))
    return (
      <StateGlyph
        glyph={lookOf(span.status).glyph}
        className="relative rounded-full bg-[radial-gradient(closest-side,var(--sheet)_90%,transparent)]"
      />
    );
  const { icon: Icon } = lookOfKind(span);
  return <Icon aria-hidden className="size-3.5 shrink-0 text-ink-3" />;
}

const KIND_ICON: Readonly<Record<string, DrawnIcon>> = {
  model: Sparkle,
  tool: Wrench,
  approval: UserCheck,
  step: Cog,
  run: Workflow,
  member: Users,
  loop: Repeat,
};

function lookOfKind({ subject }: Span): { readonly icon: DrawnIcon } {
  if (subject.kind !== "task" && subject.kind !== "visit") return { icon: KIND_ICON[subject.kind] ?? Flag };
  const tasks = subject.kind === "task" ? [subject.task] : subject.group.tasks;
  return { icon: KIND_ICON[tasks[0]?.tries.at(-1)?.kind ?? "step"] ?? Cog };
}
