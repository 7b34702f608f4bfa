import { isUnsuccessful, type RunStatus } from "#/agents/vocabulary/run.ts";
import type { Span } from "./span.ts";

/** One line on the screen. */
export type Row =
  | {
      readonly kind: "span";
      readonly key: string;
      readonly span: Span;
      readonly level: number;
      readonly open: boolean | undefined;
      /** The path of the run through this line: from above, further down, or both. */
      readonly path: "begins" | "continues" | "ends" | "is over";
    }
  /** The place from which a retry would continue. */
  | { readonly kind: "resume"; readonly key: "resume" };

export interface OpenSpans {
  /** The lines that a person has opened or closed; everything else is as it comes. */
  readonly chosen: ReadonlyMap<string, boolean>;
  readonly opensAll: boolean;
  /** Lines of runs that were started, once they are read. */
  readonly inside: ReadonlyMap<string, readonly Span[]>;
}

/** Puts the open lines one below the other. */
export function listRows(spans: readonly Span[], opened: OpenSpans): readonly Row[] {
  const rows: Row[] = [];
  const add = (span: Span, level: number, isLast: boolean) => {
    const below = opened.inside.get(span.key) ?? span.children;
    const open = isOpen(span, opened);
    rows.push({ kind: "span", key: span.key, span, level, open, path: drawPath(rows.length, level, isLast) });
    if (open === true) for (const child of below) add(child, level + 1, isLast);
  };
  for (const [index, span] of spans.entries()) add(span, 1, index === spans.length - 1);
  return rows;
}

function drawPath(index: number, level: number, isLast: boolean) {
  if (isLast) return level === 1 ? "ends" : "is over";
  return index === 0 ? "begins" : "continues";
}

/** Tells whether a line is open; undefined where there is nothing below it. */
function isOpen({ key, children, subject }: Span, { chosen, opensAll }: OpenSpans): boolean | undefined {
  if (subject.kind === "run") return chosen.get(key) ?? false;
  if (children.length === 0) return undefined;
  return chosen.get(key) ?? (opensAll || children.some(({ status }) => isLoud(status)));
}

const LOUD: ReadonlySet<string> = new Set(["failed", "timed_out", "waiting"]);
export const isLoud = (status: string): boolean => LOUD.has(status);

/** Says where a retry of an unsuccessful run would continue: before the first line that has come to no good end. */
export function withResume(rows: readonly Row[], status: RunStatus): readonly Row[] {
  if (!isUnsuccessful(status)) return rows;
  const at = rows.findIndex((row) => row.kind === "span" && row.level === 1 && row.span.status === "failed");
  return at <= 0 ? rows : [...rows.slice(0, at), { kind: "resume", key: "resume" }, ...rows.slice(at)];
}

/** The line that matters most: what failed, else what waits for an answer. Of nested ones the innermost. */
export function findLoudest(spans: readonly Span[]): Span | undefined {
  const loud =
    spans.findLast(({ status }) => status === "failed" || status === "timed_out") ??
    spans.findLast(({ status }) => status === "waiting");
  return loud && (findLoudest(loud.children) ?? loud);
}
