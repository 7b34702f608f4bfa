import { CircleCheck, CircleX, TriangleAlert } from "#/app/_ui/icons.tsx";
import { Card, CardHeader } from "#/app/_ui/card.tsx";
import type { LocatedProblem } from "./check-text.ts";

interface ProblemListProps {
  /** The praise of a text without problems: “Ready to publish.” */
  readonly praise: string;
  /** Undefined while nothing has been checked yet. */
  readonly problems: readonly LocatedProblem[] | undefined;
  /** Warnings of what will fail in a run, as far as the saved draft goes. */
  readonly warnings: readonly Warning[];
  readonly onGo: (line: number) => void;
}

type Warning = Pick<LocatedProblem, "path" | "message">;

/** Lists what has to be fixed in a definition. A problem leads to its line. */
export function ProblemList({ praise, problems, warnings, onGo }: ProblemListProps) {
  return (
    <Card aria-label="Problems">
      <CardHeader title={problems && problems.length > 0 ? `${problems.length} to fix` : "Check"} />
      <div aria-live="polite" className="max-h-[40dvh] overflow-y-auto p-2">
        {problems === undefined && <p className="p-2 text-muted-foreground">Checking…</p>}
        {problems?.length === 0 && (
          <p className="flex items-center gap-2 p-2 text-ink-2">
            <CircleCheck aria-hidden className="size-4 text-ok" /> {praise}
          </p>
        )}
        {problems?.length === 0 &&
          warnings.map((warning) => (
            <WarningLine key={`${warning.path} ${warning.message}`} warning={warning} />
          ))}
        <ul>
          {problems?.map((problem) => (
            <li key={`${problem.line} ${problem.path} ${problem.message}`}>
              <ProblemLine problem={problem} onGo={onGo} />
            </li>
          ))}
        </ul>
      </div>
    </Card>
  );
}

function WarningLine({ warning: { path, message } }: { readonly warning: Warning }) {
  return (
    <p className="flex gap-2 p-2">
      <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-warn" />
      <span className="min-w-0 break-words">
        {message}
        <span className="block font-mono text-xs text-muted-foreground">{path}</span>
      </span>
    </p>
  );
}

function ProblemLine({
  problem,
  onGo,
}: {
  readonly problem: LocatedProblem;
  readonly onGo: (line: number) => void;
}) {
  const { path, message, suggestion, line } = problem;
  return (
    <button
      type="button"
      disabled={line === undefined}
      onClick={() => line !== undefined && onGo(line)}
      className="flex w-full gap-2 rounded-md p-2 text-left hover:bg-hover"
    >
      <CircleX aria-hidden className="mt-0.5 size-4 shrink-0 text-bad" />
      <span className="min-w-0 break-words">
        {message}
        {suggestion !== undefined && <span className="block text-primary">Did you mean “{suggestion}”?</span>}
        <span className="block font-mono text-xs text-muted-foreground">
          {line !== undefined && `line ${line} `}
          {path}
        </span>
      </span>
    </button>
  );
}
