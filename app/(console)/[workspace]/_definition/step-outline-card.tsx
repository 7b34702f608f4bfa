import { ArrowRight } from "#/app/_ui/icons.tsx";
import { Card, CardHeader } from "#/app/_ui/card.tsx";
import { cn } from "#/app/_ui/class-names.ts";
import type { LocatedStep } from "./check-text.ts";
import type { Exit } from "./step-outline.ts";

interface StepOutlineCardProps {
  /** Undefined as long as no text without problems has been seen. */
  readonly outline: readonly LocatedStep[] | undefined;
  /** The text has problems now: what is shown is from before. */
  readonly isOld: boolean;
  readonly onGo: (line: number) => void;
}

/** What the text means: its steps in order and where each leads. A step leads to its line, as long as the lines are those of the text. */
export function StepOutlineCard({ outline, isOld, onGo }: StepOutlineCardProps) {
  return (
    <Card aria-label="Steps">
      <CardHeader title="Steps" description={isOld && outline ? "From the last valid version." : undefined} />
      {outline ? (
        <ol className="p-2">
          {outline.map((step) => (
            <OutlineRow key={step.id} step={step} line={isOld ? undefined : step.line} onGo={onGo} />
          ))}
        </ol>
      ) : (
        <p className="p-4 text-muted-foreground">Steps appear once the definition has no errors.</p>
      )}
    </Card>
  );
}

interface OutlineRowProps {
  readonly step: LocatedStep;
  readonly line: number | undefined;
  readonly onGo: (line: number) => void;
}

function OutlineRow({ step, line, onGo }: OutlineRowProps) {
  const { title, type, exits } = step;
  return (
    <li>
      <button
        type="button"
        disabled={line === undefined}
        onClick={() => line !== undefined && onGo(line)}
        className="w-full rounded-md p-2 text-left enabled:hover:bg-hover"
      >
        <span className="flex items-baseline justify-between gap-3">
          <span
            className={cn(
              "min-w-0 break-words",
              type === undefined ? "text-muted-foreground" : "font-medium",
            )}
          >
            {title}
          </span>
          {type !== undefined && <span className="font-mono text-xs text-muted-foreground">{type}</span>}
        </span>
        {exits.map((exit) => (
          <ExitLine key={`${exit.to} ${exit.when}`} exit={exit} />
        ))}
      </button>
    </li>
  );
}

function ExitLine({ exit }: { readonly exit: Exit }) {
  return (
    <span className="flex gap-1.5 text-[0.8125rem] text-muted-foreground">
      <ArrowRight aria-label="leads to" className="mt-1 size-3 shrink-0" />
      <span className="min-w-0 break-words">
        {exit.to}
        {exit.when !== undefined && <span className="block text-xs">{exit.when}</span>}
      </span>
    </span>
  );
}
