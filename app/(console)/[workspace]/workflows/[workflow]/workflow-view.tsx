"use client";
import dynamic from "next/dynamic";
import { usePathname, useRouter, useSearchParams } from "next/navigation";
import type { Catalogue } from "#/agents/definition/check/validate.ts";
import type { Workflow } from "#/operations/workflows/contract.ts";
import { LoadProblem } from "#/app/_ui/load-problem.tsx";
import { SkeletonPage } from "#/app/_ui/skeleton.tsx";
import { useWorkflow } from "../../_data/workflows.ts";
import { useCheck } from "../../_definition/use-check.ts";
import { usePins } from "./_try/use-pins.ts";
import { useTrial } from "./_try/use-trial.ts";
import { useDraft } from "./use-draft.ts";
import { VersionList } from "./version-list.tsx";
import { readView, type View } from "./views.ts";
import { WorkflowHeader } from "./workflow-header.tsx";
import { WorkflowRuns } from "./workflow-runs.tsx";

interface WorkflowViewProps {
  readonly id: string;
  readonly catalogue: Catalogue;
}

/** Graph, editor and reader of documents come when the page stands. */
const Studio = dynamic(() => import("./_studio/studio.tsx").then((module) => module.Studio), {
  ssr: false,
  loading: () => (
    <output className="grid flex-1 place-items-center bg-ground text-ink-3">Opening the studio…</output>
  ),
});
const TryDialog = dynamic(() => import("./_try/try-dialog.tsx").then((module) => module.TryDialog));
const DraftConflict = dynamic(() => import("./draft-notices.tsx").then((module) => module.DraftConflict));

export function WorkflowView({ id, catalogue }: WorkflowViewProps) {
  const { data: workflow, error, isPending, refetch } = useWorkflow(id);
  if (isPending) return <SkeletonPage />;
  if (!workflow) return <LoadProblem what="workflow" error={error} onRetry={() => void refetch()} />;
  return <OpenWorkflow workflow={workflow} catalogue={catalogue} />;
}

interface OpenWorkflowProps {
  readonly workflow: Workflow;
  readonly catalogue: Catalogue;
}

/** A workflow that fills the window: its draft on a canvas and as text, its versions and its runs. */
function OpenWorkflow({ workflow, catalogue }: OpenWorkflowProps) {
  const router = useRouter();
  const pathname = usePathname();
  const view = readView(useSearchParams().get("tab"));
  const draft = useDraft(workflow);
  const { problems } = useCheck(draft.text, catalogue) ?? {};
  const trial = useTrial(draft, problems, usePins(workflow.id));
  const show = (next: View) => {
    const query = new URLSearchParams(location.search);
    query.set("tab", next);
    router.replace(`${pathname}?${query}`, { scroll: false });
  };
  const isDrawn = view === "canvas" || view === "yaml";
  return (
    <div data-whole-window className="flex h-dvh flex-col">
      <WorkflowHeader
        workflow={workflow}
        view={view}
        onView={show}
        state={draft.state}
        canPublish={problems?.length === 0 && !draft.conflict}
        onSave={draft.save}
        onTry={() => {
          if (!isDrawn) show("canvas");
          trial.ask();
        }}
      />
      {draft.conflict && (
        <DraftConflict
          base={draft.base}
          text={draft.text}
          conflict={draft.conflict}
          onResolve={draft.resolve}
        />
      )}
      {isDrawn ? (
        <Studio
          workflowId={workflow.id}
          draft={draft}
          trial={trial}
          catalogue={catalogue}
          problems={problems}
          warnings={workflow.warnings}
          hasText={view === "yaml"}
        />
      ) : (
        <div className="min-h-0 flex-1 overflow-y-auto p-4 md:p-6">
          {view === "versions" ? <VersionList workflow={workflow} /> : <WorkflowRuns id={workflow.id} />}
        </div>
      )}
      {trial.isAsking && <TryDialog workflowId={workflow.id} draft={draft} trial={trial} />}
    </div>
  );
}
