import type { ShortcutsOf } from "../../../_keys/shortcuts.ts";
import type { Row } from "./rows.ts";

export type TreeKey = ShortcutsOf<"timeline">;

/** The effect of a key in the tree of lines. */
export type TreeMove =
  | { readonly kind: "select"; readonly key: string }
  | { readonly kind: "toggle"; readonly key: string; readonly open: boolean }
  | { readonly kind: "enter"; readonly key: string };

const STEPS: Readonly<Partial<Record<TreeKey, number>>> = { "timeline.next": 1, "timeline.previous": -1 };

type SpanRow = Extract<Row, { readonly kind: "span" }>;

/** Decides what a key means where `selected` is chosen; undefined where it means nothing. */
export function moveInTree(
  pressed: TreeKey,
  rows: readonly Row[],
  selected: string | undefined,
): TreeMove | undefined {
  const lines = rows.filter((row) => row.kind === "span");
  const at = lines.findIndex(({ key }) => key === selected);
  const line = lines[at];
  const step = STEPS[pressed];
  if (step !== undefined) return select(lines[line ? at + step : 0]);
  if (pressed === "timeline.first") return select(lines[0]);
  if (pressed === "timeline.last") return select(lines.at(-1));
  if (!line) return undefined;
  if (pressed === "timeline.read") return { kind: "enter", key: line.key };
  if (pressed === "timeline.in") return goIn(line, lines[at + 1]);
  return pressed === "timeline.out" ? goOut(line, lines.slice(0, at)) : undefined;
}

const select = (line: SpanRow | undefined): TreeMove | undefined => line && { kind: "select", key: line.key };

function goIn(line: SpanRow, next: SpanRow | undefined): TreeMove | undefined {
  if (line.open === false) return { kind: "toggle", key: line.key, open: true };
  return line.open && next && next.level > line.level ? select(next) : undefined;
}

function goOut(line: SpanRow, before: readonly SpanRow[]): TreeMove | undefined {
  if (line.open) return { kind: "toggle", key: line.key, open: false };
  return select(before.findLast(({ level }) => level < line.level));
}
