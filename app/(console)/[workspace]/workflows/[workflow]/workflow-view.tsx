"use client";
import { useRouter, useSearchParams, usePathname } from "next/navigation";
import type { Catalogue } from "#/agents/definition/check/validate.ts";
import { LoadProblem } from "#/app/_ui/load-problem.tsx";
import { SkeletonPage } from "#/app/_ui/skeleton.tsx";
import { Tabs } from "#/app/_ui/tabs.tsx";
import { useWorkflow } from "../../_data/workflows.ts";
import { DefinitionEditor } from "./definition-editor.tsx";
import { VersionList } from "./version-list.tsx";
import { WorkflowHeader } from "./workflow-header.tsx";
import { WorkflowRuns } from "./workflow-runs.tsx";

interface WorkflowViewProps {
  readonly id: string;
  readonly catalogue: Catalogue;
}

const TABS: ReadonlySet<string> = new Set(["definition", "versions", "runs"]);

export function WorkflowView({ id, catalogue }: WorkflowViewProps) {
  const router = useRouter();
  const pathname = usePathname();
  const asked = useSearchParams().get("tab") ?? "";
  const { data: workflow, error, isPending, refetch } = useWorkflow(id);
  if (isPending) return <SkeletonPage />;
  if (!workflow) return <LoadProblem what="workflow" error={error} onRetry={() => void refetch()} />;
  return (
    <>
      <WorkflowHeader workflow={workflow} />
      <Tabs
        label="Workflow"
        value={TABS.has(asked) ? asked : "definition"}
        onChange={(tab) => router.replace(`${pathname}?tab=${tab}`, { scroll: false })}
        tabs={[
          {
            value: "definition",
            label: "Definition",
            content: <DefinitionEditor workflow={workflow} catalogue={catalogue} />,
            kept: true,
          },
          { value: "versions", label: "Versions", content: <VersionList workflow={workflow} /> },
          { value: "runs", label: "Runs", content: <WorkflowRuns id={id} /> },
        ]}
      />
    </>
  );
}
