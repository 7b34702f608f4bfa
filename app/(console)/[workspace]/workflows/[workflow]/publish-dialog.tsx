"use client";
import { toast } from "#/app/_ui/toast.ts";
import type { VersionDetail, Workflow } from "#/operations/workflows/contract.ts";
import { describeError } from "#/app/_ui/api-error.ts";
import { Button } from "#/app/_ui/button.tsx";
import { Dialog, DialogActions } from "#/app/_ui/dialog.tsx";
import { LineChanges } from "#/app/_ui/line-changes.tsx";
import { type DiffLine, diffLines } from "#/app/_ui/line-diff.ts";
import { Notice } from "#/app/_ui/notice.tsx";
import { usePublish, useVersion } from "../../_data/workflows.ts";

interface PublishDialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly workflow: Workflow;
}

/** Shows what changes against the published version, and what will fail, and publishes the saved draft. */
export function PublishDialog({ open, onClose, workflow }: PublishDialogProps) {
  const publish = usePublish(workflow.id);
  const { data: published } = useVersion(workflow.id, workflow.publishedVersion);
  const onPublish = () =>
    publish.mutate(workflow.revision, {
      onSuccess: ({ version }) => {
        toast.success(`Version ${version} published`);
        onClose();
      },
    });
  const { warnings } = workflow;
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title="Publish draft"
      description="New runs use the new version. Runs in progress keep the version they started with."
      wide
    >
      <Changes workflow={workflow} published={published} />
      {warnings.length > 0 && (
        <Notice tone="warn" title="It can be published, but" className="mt-3">
          {warnings.map(({ path, message }) => (
            <p key={`${path} ${message}`}>{message}</p>
          ))}
        </Notice>
      )}
      {publish.error && (
        <Notice tone="bad" title="It was not published" className="mt-3">
          {describeError(publish.error)}
        </Notice>
      )}
      <DialogActions>
        <Button onClick={onClose}>Cancel</Button>
        <Button
          variant="primary"
          pending={publish.isPending}
          disabled={published?.source === workflow.draftText}
          onClick={onPublish}
        >
          Publish
        </Button>
      </DialogActions>
    </Dialog>
  );
}

interface ChangesProps {
  readonly workflow: Workflow;
  readonly published: VersionDetail | undefined;
}

function Changes({ workflow, published }: ChangesProps) {
  if (workflow.publishedVersion === null) return <p>This creates version 1.</p>;
  if (!published) return <p className="text-muted-foreground">Comparing with the published version…</p>;
  const lines = diffLines(published.source, workflow.draftText);
  const count = (kind: DiffLine["kind"]) => lines.filter((line) => line.kind === kind).length;
  const [added, removed] = [count("added"), count("removed")];
  if (added + removed === 0)
    return (
      <p>The draft is identical to the published version {published.version}. There is nothing to publish.</p>
    );
  return (
    <>
      <p className="mb-2">
        Compared with version {published.version}: <strong className="text-add-text">{added} added</strong>,{" "}
        <strong className="text-del-text">{removed} removed</strong>.
      </p>
      <LineChanges before={published.source} after={workflow.draftText} />
    </>
  );
}
