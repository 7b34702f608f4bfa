"use client";
import { type FocusEvent, type KeyboardEvent, useCallback, useEffect, useId, useMemo, useRef } from "react";
import type { RunStatus } from "#/agents/vocabulary/run.ts";
import { readShortcut } from "../../../_keys/press.ts";
import { useShortcuts } from "../../../_keys/use-shortcuts.ts";
import { listRows, type OpenSpans, type Row, withResume } from "./rows.ts";
import type { Span } from "./span.ts";
import { SpanRow } from "./span-row.tsx";
import { AxisLines, TimeAxis } from "./time-axis.tsx";
import type { TimeScale } from "./time-scale.ts";
import { moveInTree, type TreeKey } from "./tree-keys.ts";
import { useVisibleRows } from "./use-visible-rows.ts";

interface WaterfallProps {
  readonly spans: readonly Span[];
  readonly opened: OpenSpans;
  readonly scale: TimeScale;
  readonly status: RunStatus;
  /** A retry continues from a checkpoint. */
  readonly resumable: boolean;
  readonly selected: string | undefined;
  readonly onSelect: (key: string) => void;
  readonly onToggle: (key: string, open: boolean) => void;
  /** Somebody wants to read what the chosen line is about. */
  readonly onEnter: () => void;
}

/** Draws a run's work on one axis of time. Of ten thousand lines only those that fit are drawn. */
export function Waterfall(props: WaterfallProps) {
  const { spans, opened, scale, status, resumable, selected, onSelect, onToggle } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const prefix = useId();
  const rows = useMemo(() => {
    const listed = listRows(spans, opened);
    return resumable ? withResume(listed, status) : listed;
  }, [spans, opened, status, resumable]);
  const readHeight = useCallback(() => readRowHeight(scroller.current), []);
  const { first, end } = useVisibleRows(scroller, readHeight);
  const shown = rows.slice(first, end);
  const at = rows.findIndex(({ key }) => key === selected);
  const onKey = useTreeKeys(rows, props);
  useEffect(() => keepInView(scroller.current, at), [at]);
  return (
    <div ref={scroller} className="max-h-[60dvh] overflow-y-auto overscroll-contain lg:max-h-none lg:flex-1">
      <TimeAxis scale={scale} />
      <div
        role="tree"
        aria-label="Timeline"
        tabIndex={0}
        aria-activedescendant={at >= first && at < end ? `${prefix}${at}` : undefined}
        onKeyDown={onKey}
        onFocus={keepFocus}
        className="relative -outline-offset-2"
        style={{ height: `calc(var(--row-tree) * ${rows.length})` }}
      >
        <AxisLines scale={scale} />
        {shown.map((row, index) =>
          row.kind === "span" ? (
            <SpanRow
              key={row.key}
              row={row}
              id={`${prefix}${first + index}`}
              top={topOf(first + index)}
              scale={scale}
              selected={row.key === selected}
              onSelect={onSelect}
              onToggle={onToggle}
            />
          ) : (
            <ResumeLine key={row.key} top={topOf(first + index)} />
          ),
        )}
      </div>
    </div>
  );
}

/** A line that was clicked gives the focus back, or its ring would stay there when the keys go on. */
function keepFocus({ target, currentTarget }: FocusEvent<HTMLElement>): void {
  if (target !== currentTarget) currentTarget.focus({ preventScroll: true });
}

const topOf = (index: number) => `calc(var(--row-tree) * ${index})`;

const ROW_PX = 32;
const readRowHeight = (element: HTMLElement | null) =>
  (element && Number.parseInt(getComputedStyle(element).getPropertyValue("--row-tree"), 10)) || ROW_PX;

const AXIS_PX = 24;

function keepInView(scroller: HTMLElement | null, index: number): void {
  if (!scroller || index < 0) return;
  const height = readRowHeight(scroller);
  const top = index * height;
  const { scrollTop, clientHeight } = scroller;
  if (top < scrollTop) scroller.scrollTop = top;
  else if (top + height + AXIS_PX > scrollTop + clientHeight)
    scroller.scrollTop = top + height + AXIS_PX - clientHeight;
}

/** Two keys work on the whole page, everything else where the tree has the focus. */
function useTreeKeys(
  rows: readonly Row[],
  { selected, onSelect, onToggle, onEnter }: WaterfallProps,
): (event: KeyboardEvent) => void {
  const act = (key: TreeKey) => {
    const move = moveInTree(key, rows, selected);
    if (!move) return false;
    if (move.kind === "toggle") onToggle(move.key, move.open);
    else if (move.kind === "select") onSelect(move.key);
    else onEnter();
    return true;
  };
  useShortcuts({
    "run.next": () => act("timeline.next"),
    "run.previous": () => act("timeline.previous"),
  });
  return (event) => {
    const key = readShortcut(event, "timeline");
    if (key !== undefined && act(key)) event.preventDefault();
  };
}

/** The place that everything before it is kept of. */
function ResumeLine({ top }: { readonly top: string }) {
  return (
    <div
      role="presentation"
      className="absolute inset-x-0 flex h-(--row-tree) items-center gap-2 pr-6 pl-[calc(0.75rem+var(--inset,0px))] text-xs font-medium text-accent-text after:flex-1 after:border-t after:border-dashed after:border-accent-line"
      style={{ top }}
    >
      <span aria-hidden className="grid size-4 place-items-center">
        <i className="pebble h-2.5 w-3 bg-accent" />
      </span>
      A retry continues from here
    </div>
  );
}
