"use client";
import { History, TriangleAlert, Undo2 } from "#/app/_ui/icons.tsx";
import dynamic from "next/dynamic";
import { useState } from "react";
import { toast } from "#/app/_ui/toast.ts";
import type { Version, Workflow } from "#/operations/workflows/contract.ts";
import { describeError } from "#/app/_ui/api-error.ts";
import { Badge } from "#/app/_ui/badge.tsx";
import { Button } from "#/app/_ui/button.tsx";
import { Card } from "#/app/_ui/card.tsx";
import { CodeBlock } from "#/app/_ui/code-block.tsx";
import { Dialog } from "#/app/_ui/dialog.tsx";
import { EmptyState } from "#/app/_ui/empty-state.tsx";
import { LoadProblem } from "#/app/_ui/load-problem.tsx";
import { Notice } from "#/app/_ui/notice.tsx";
import { SkeletonRows } from "#/app/_ui/skeleton.tsx";
import { RelativeTime } from "#/app/_ui/time.tsx";
import { mayWriteUnasked } from "./unasked-writes.ts";
import { useRollback, useVersion, useVersions } from "../../_data/workflows.ts";

const FlowPicture = dynamic(
  () => import("../../_canvas/flow-picture.tsx").then((module) => module.FlowPicture),
  { ssr: false },
);

/** The published versions, newest first. Runs keep the version they started with. */
export function VersionList({ workflow }: { readonly workflow: Workflow }) {
  const { data, error, isPending, refetch } = useVersions(workflow.id);
  const [shown, setShown] = useState<number | null>(null);
  if (isPending) return <SkeletonRows />;
  if (!data) return <LoadProblem what="versions" error={error} onRetry={() => void refetch()} />;
  if (data.items.length === 0)
    return (
      <EmptyState icon={History} title="No versions yet">
        Publish the draft to create version 1.
      </EmptyState>
    );
  return (
    <Card>
      <ul className="divide-y divide-border">
        {data.items.map((version) => (
          <VersionRow
            key={version.version}
            workflowId={workflow.id}
            version={version}
            onShow={() => setShown(version.version)}
          />
        ))}
      </ul>
      <Dialog open={shown !== null} onClose={() => setShown(null)} title={`Version ${shown}`} wide>
        <VersionSource workflowId={workflow.id} version={shown} />
      </Dialog>
    </Card>
  );
}

interface VersionRowProps {
  readonly workflowId: string;
  readonly version: Version;
  readonly onShow: () => void;
}

function VersionRow({ workflowId, version, onShow }: VersionRowProps) {
  const rollback = useRollback(workflowId);
  const { version: number, published, createdAt, createdBy, overridden } = version;
  const publish = () =>
    rollback.mutate(number, {
      onSuccess: () => toast.success(`Version ${number} is now published`),
      onError: (error) => toast.error(describeError(error)),
    });
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-2.5">
      <div className="min-w-0 flex-1">
        <p className="flex items-center gap-2 font-medium">
          Version {number} {published && <Badge tone="ok">Published</Badge>}
        </p>
        <p className="text-xs text-muted-foreground">
          <RelativeTime at={createdAt} />
          {createdBy && ` by ${createdBy}`}
        </p>
        {overridden && <Overridden {...overridden} />}
      </div>
      <Button variant="ghost" onClick={onShow}>
        Show
      </Button>
      {!published && (
        <Button pending={rollback.isPending} onClick={publish}>
          <Undo2 aria-hidden /> Publish this again
        </Button>
      )}
    </li>
  );
}

/** Says why private data, content from outside and an action on the outside may meet in a version without a person. */
function Overridden({ reason, by }: NonNullable<Version["overridden"]>) {
  return (
    <p className="mt-1 flex max-w-[72ch] items-start gap-1.5 text-xs text-wait-text">
      <TriangleAlert aria-hidden className="mt-0.5 size-3.5 shrink-0" />
      <span className="min-w-0 break-words">
        Published against the rule of two{by !== null && ` by ${by}`}: {reason}
      </span>
    </p>
  );
}

function VersionSource({
  workflowId,
  version,
}: {
  readonly workflowId: string;
  readonly version: number | null;
}) {
  const { data, error } = useVersion(workflowId, version);
  if (error) return <p className="text-bad">{describeError(error)}</p>;
  if (!data) return <SkeletonRows />;
  return (
    <>
      {mayWriteUnasked(data.definition) && (
        <Notice tone="warn" title="Models may send data out without asking" className="mb-3">
          This version was published before such calls required approval. Publish the draft again to require
          it.
        </Notice>
      )}
      <div className="mb-3 h-72 overflow-hidden rounded-lg border border-line bg-ground">
        <FlowPicture document={data.definition} label={`Graph of version ${version}`} />
      </div>
      <CodeBlock code={data.source} what={`version ${version}`} />
    </>
  );
}
