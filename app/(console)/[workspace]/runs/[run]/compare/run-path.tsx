import Link from "next/link";
import { ChevronRight } from "#/app/_ui/icons.tsx";
import type { Run } from "#/operations/runs/contract.ts";

interface RunPathProps {
  /** The address of the list of runs. */
  readonly home: string;
  readonly run: Run;
}

/** The way back from a comparison. */
export const RunPath = ({ home, run }: RunPathProps) => (
  <nav aria-label="Breadcrumbs" className="mb-1 flex flex-wrap items-center gap-x-1.5 text-ink-3">
    <Link href={home} className="touch-target py-0.5 hover:text-ink max-md:py-3">
      Runs
    </Link>
    <ChevronRight aria-hidden className="size-3.5" />
    <Link href={`${home}/${run.id}`} className="touch-target py-0.5 hover:text-ink max-md:py-3">
      {run.workflowName ?? "Deleted workflow"} <span className="font-mono text-xs">{run.id.slice(-6)}</span>
    </Link>
    <ChevronRight aria-hidden className="size-3.5" />
    <span className="text-ink">Compare</span>
  </nav>
);
