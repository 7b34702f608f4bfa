"use client";
import { FileText, Trash2 } from "#/app/_ui/icons.tsx";
import { RowLink } from "#/app/_ui/row-link.tsx";
import { useState } from "react";
import { toast } from "#/app/_ui/toast.ts";
import type { Document } from "#/operations/documents/contract.ts";
import { describeError } from "#/app/_ui/api-error.ts";
import { Button } from "#/app/_ui/button.tsx";
import { Card, CardHeader } from "#/app/_ui/card.tsx";
import { ConfirmDialog } from "#/app/_ui/confirm-dialog.tsx";
import { EmptyState } from "#/app/_ui/empty-state.tsx";
import { formatBytes } from "#/app/_ui/format.ts";
import { LoadProblem } from "#/app/_ui/load-problem.tsx";
import { SkeletonRows } from "#/app/_ui/skeleton.tsx";
import { StatusBadge } from "#/app/_ui/status-badge.tsx";
import { RelativeTime } from "#/app/_ui/time.tsx";
import { useWorkspacePath } from "../_shell/workspace-context.tsx";
import { useDeleteDocument, useDocuments } from "../_data/documents.ts";
import { ProgressBar } from "#/app/_ui/progress-bar.tsx";

export function DocumentList() {
  const { data, error, isPending, refetch } = useDocuments();
  const [deleting, setDeleting] = useState<Document>();
  if (isPending) return <SkeletonRows />;
  if (!data) return <LoadProblem what="documents" error={error} onRetry={() => void refetch()} />;
  return (
    <Card aria-label="Documents">
      <CardHeader title={`Documents (${data.items.length}${data.nextCursor === null ? "" : "+"})`} />
      {data.items.length === 0 && (
        <EmptyState icon={FileText} title="No documents yet">
          Add some, and agents with the knowledge_search tool will find and cite them.
        </EmptyState>
      )}
      <ul className="divide-y divide-border">
        {data.items.map((document) => (
          <DocumentRow key={document.id} document={document} onDelete={() => setDeleting(document)} />
        ))}
      </ul>
      <DeleteDialog document={deleting} onClose={() => setDeleting(undefined)} />
    </Card>
  );
}

interface DocumentRowProps {
  readonly document: Document;
  readonly onDelete: () => void;
}

function DocumentRow({ document, onDelete }: DocumentRowProps) {
  const path = useWorkspacePath();
  const { id, name, status, error, note, sizeBytes, passages, embedded, createdAt } = document;
  return (
    <li className="flex items-center gap-3 px-4 py-2.5">
      <div className="min-w-0 flex-1">
        <RowLink
          href={path("knowledge", id)}
          className="block truncate font-medium touch-target hover:underline"
        >
          {name}
        </RowLink>
        <p className="text-xs text-muted-foreground">
          {formatBytes(sizeBytes)}
          {passages > 0 && ` · ${passages} ${passages === 1 ? "passage" : "passages"}`} ·{" "}
          <RelativeTime at={createdAt} />
        </p>
        {status === "embedding" && passages > 0 && (
          <ProgressBar label={`Embedding ${name}`} part={embedded / passages} />
        )}
        {note && <p className="text-xs text-muted-foreground">{note}</p>}
        {error && <p className="text-xs text-bad">{error}</p>}
      </div>
      <StatusBadge status={status} />
      <Button variant="ghost" size="icon" aria-label={`Delete ${name}`} onClick={onDelete}>
        <Trash2 aria-hidden />
      </Button>
    </li>
  );
}

interface DeleteDialogProps {
  readonly document: Document | undefined;
  readonly onClose: () => void;
}

function DeleteDialog({ document, onClose }: DeleteDialogProps) {
  const remove = useDeleteDocument();
  const confirm = () => {
    if (!document) return;
    remove.mutate(document.id, {
      onSuccess: () => toast.success(`${document.name} is deleted`),
      onError: (error) => toast.error(describeError(error)),
      onSettled: onClose,
    });
  };
  return (
    <ConfirmDialog
      open={document !== undefined}
      onClose={onClose}
      title={`Delete ${document?.name ?? "the document"}?`}
      description="Agents can no longer find its passages. Results that cite it keep their text."
      action="Delete"
      pending={remove.isPending}
      onConfirm={confirm}
    />
  );
}
