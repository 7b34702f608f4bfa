"use client";
import { Archive, ArrowLeft, Pencil, Play } from "#/app/_ui/icons.tsx";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { toast } from "#/app/_ui/toast.ts";
import type { Workflow } from "#/operations/workflows/contract.ts";
import { describeError } from "#/app/_ui/api-error.ts";
import { Badge } from "#/app/_ui/badge.tsx";
import { Button } from "#/app/_ui/button.tsx";
import { ConfirmDialog } from "#/app/_ui/confirm-dialog.tsx";
import { useArchiveWorkflow } from "../../_data/workflows.ts";
import { useWorkspacePath } from "../../_shell/workspace-context.tsx";
import { StartRunDialog } from "../../_start/start-run-dialog.tsx";
import { RenameDialog } from "./rename-dialog.tsx";

type Window = "start" | "rename" | "archive";

/** The name of a workflow, what of it is published, and what can be done with it. */
export function WorkflowHeader({ workflow }: { readonly workflow: Workflow }) {
  const path = useWorkspacePath();
  const [open, setOpen] = useState<Window>();
  const close = () => setOpen(undefined);
  const { id, name, publishedVersion } = workflow;
  return (
    <header className="mb-3">
      <Link
        href={path("workflows")}
        className="inline-flex items-center gap-1 text-xs text-muted-foreground touch-target hover:text-foreground"
      >
        <ArrowLeft aria-hidden className="size-3.5" /> Workflows
      </Link>
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
        <h1 className="flex flex-wrap items-center gap-x-3 gap-y-1 text-xl font-semibold tracking-tight">
          {name}
          {publishedVersion === null ? (
            <Badge tone="warn">Draft only</Badge>
          ) : (
            <Badge tone="ok">{`Published v${publishedVersion}`}</Badge>
          )}
        </h1>
        <div className="flex items-center gap-2">
          <Button
            disabled={publishedVersion === null}
            title={publishedVersion === null ? "Publish it first" : undefined}
            onClick={() => setOpen("start")}
          >
            <Play aria-hidden /> Start run
          </Button>
          <Button
            variant="ghost"
            size="icon"
            aria-label="Rename"
            title="Rename"
            onClick={() => setOpen("rename")}
          >
            <Pencil aria-hidden />
          </Button>
          <Button
            variant="ghost"
            size="icon"
            aria-label="Archive"
            title="Archive"
            onClick={() => setOpen("archive")}
          >
            <Archive aria-hidden />
          </Button>
        </div>
      </div>
      <StartRunDialog open={open === "start"} onClose={close} workflowId={id} />
      <RenameDialog open={open === "rename"} onClose={close} workflow={workflow} />
      <ArchiveDialog open={open === "archive"} onClose={close} workflow={workflow} />
    </header>
  );
}

interface ArchiveDialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly workflow: Workflow;
}

function ArchiveDialog({ open, onClose, workflow }: ArchiveDialogProps) {
  const router = useRouter();
  const path = useWorkspacePath();
  const archive = useArchiveWorkflow(workflow.id);
  const confirm = () =>
    archive.mutate(undefined, {
      onSuccess: () => {
        toast.success(`“${workflow.name}” is archived`);
        router.push(path("workflows"));
      },
      onError: (error) => toast.error(describeError(error)),
    });
  return (
    <ConfirmDialog
      open={open}
      onClose={onClose}
      title={`Archive “${workflow.name}”?`}
      description="It can no longer start runs, and neither can its webhooks and schedules. Past runs stay readable."
      action="Archive"
      pending={archive.isPending}
      onConfirm={confirm}
    />
  );
}
