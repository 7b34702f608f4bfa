import { cn } from "#/app/_ui/class-names.ts";
import { type DiffLine, diffLines } from "#/app/_ui/line-diff.ts";

interface LineChangesProps {
  readonly before: string;
  readonly after: string;
}

const LINE_LOOK: Readonly<Record<DiffLine["kind"], string>> = {
  added: "bg-add text-add-text",
  removed: "bg-del text-del-text",
  same: "text-muted-foreground",
};
const LINE_MARK: Readonly<Record<DiffLine["kind"], string>> = { added: "+", removed: "−", same: " " };
const MOST_LINES = 400;

/** Shows the lines that were added and removed between two texts, and a few around them. Of very many only the first. */
export function LineChanges({ before, after }: LineChangesProps) {
  const lines = nearChanges(diffLines(before, after));
  const more = lines.length - MOST_LINES;
  return (
    <pre className="max-h-128 overflow-auto rounded-md border border-border py-2 font-mono text-xs leading-5 wrap-anywhere whitespace-pre-wrap">
      {lines.slice(0, MOST_LINES).map(({ key, kind, text }) => (
        <span key={key} className={cn("block px-3", LINE_LOOK[kind])}>
          {`${LINE_MARK[kind]} ${text}`}
        </span>
      ))}
      {more > 0 && <span className="block px-3 text-muted-foreground">{`… and ${more} more lines`}</span>}
    </pre>
  );
}

const CONTEXT_LINES = 2;

/** The changed lines and a few around them. */
function nearChanges(lines: readonly DiffLine[]): readonly DiffLine[] {
  const changed = lines.flatMap(({ kind }, index) => (kind === "same" ? [] : [index]));
  const near = new Set(
    changed.flatMap((index) =>
      Array.from({ length: 2 * CONTEXT_LINES + 1 }, (_, place) => index - CONTEXT_LINES + place),
    ),
  );
  return lines.filter((_, index) => near.has(index));
}
