"use client";
import dynamic from "next/dynamic";
import { useState } from "react";
import { toast } from "#/app/_ui/toast.ts";
import type { VersionDetail, Workflow } from "#/operations/workflows/contract.ts";
import { describeError } from "#/app/_ui/api-error.ts";
import { Button } from "#/app/_ui/button.tsx";
import { Dialog, DialogActions } from "#/app/_ui/dialog.tsx";
import { LineChanges } from "#/app/_ui/line-changes.tsx";
import { type DiffLine, diffLines } from "#/app/_ui/line-diff.ts";
import { Notice } from "#/app/_ui/notice.tsx";
import { SegmentedControl } from "#/app/_ui/segmented-control.tsx";
import { useDraftCheck, usePublish, useVersion } from "../../_data/workflows.ts";
import type { Meeting } from "./_publish/meetings.tsx";

const CanvasChanges = dynamic(
  () => import("./_publish/canvas-changes.tsx").then((module) => module.CanvasChanges),
  { ssr: false, loading: () => <div className="h-64 rounded-md border border-line bg-ground sm:h-72" /> },
);
const Meetings = dynamic(() => import("./_publish/meetings.tsx").then((module) => module.Meetings));

interface PublishDialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly workflow: Workflow;
}

/** Shows what changes against the published version, and what will fail, and publishes the saved draft. */
export function PublishDialog({ open, onClose, workflow }: PublishDialogProps) {
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title="Publish draft"
      description="New runs use the new version. Runs in progress keep the version they started with."
      wide
    >
      <PublishForm workflow={workflow} onClose={onClose} />
    </Dialog>
  );
}

/** As short as the API takes it. */
const SHORTEST_REASON = 10;

function PublishForm({ workflow, onClose }: Omit<PublishDialogProps, "open">) {
  const { publishedVersion, draftText, warnings } = workflow;
  const published = useVersion(workflow.id, publishedVersion).data;
  const { publish, meetings, reason, setReason, isHeld, onPublish } = usePublication(workflow, onClose);
  return (
    <>
      {meetings.length > 0 && <Meetings meetings={meetings} reason={reason} onReason={setReason} />}
      <Changes workflow={workflow} published={published} meetings={meetings} />
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
          variant={meetings.length > 0 ? "danger" : "primary"}
          pending={publish.isPending}
          disabled={published?.source === draftText || isHeld}
          onClick={onPublish}
        >
          {meetings.length > 0 ? "Publish anyway" : "Publish"}
        </Button>
      </DialogActions>
    </>
  );
}

/** The publication of a draft: what the rule of two has against it, and the reason in spite of it. */
function usePublication(workflow: Workflow, onDone: () => void) {
  const { id, revision } = workflow;
  const publish = usePublish(id);
  const { data: checked } = useDraftCheck(workflow);
  const [reason, setReason] = useState("");
  const meetings = (checked?.problems ?? []).filter(({ code }) => code === "rule-of-two");
  const override = meetings.length > 0 ? { override: { reason: reason.trim() } } : {};
  const onPublish = () =>
    publish.mutate(
      { revision, ...override },
      {
        onSuccess: ({ version }) => {
          toast.success(`Version ${version} published`);
          onDone();
        },
      },
    );
  const isHeld = meetings.length > 0 && reason.trim().length < SHORTEST_REASON;
  return { publish, meetings, reason, setReason, isHeld, onPublish };
}

interface ChangesProps {
  readonly workflow: Workflow;
  readonly published: VersionDetail | undefined;
  readonly meetings: readonly Meeting[];
}

const VIEWS = [
  { value: "canvas", label: "Canvas" },
  { value: "text", label: "Text" },
] as const;
type View = (typeof VIEWS)[number]["value"];

function Changes({ workflow, published, meetings }: ChangesProps) {
  const [view, setView] = useState<View>("canvas");
  const { publishedVersion, draftText } = workflow;
  if (publishedVersion !== null && !published)
    return <p className="text-muted-foreground">Comparing with the published version…</p>;
  if (published?.source === draftText)
    return (
      <p>The draft is identical to the published version {published.version}. There is nothing to publish.</p>
    );
  const before = published?.source;
  return (
    <>
      <div className="mb-2 flex flex-wrap items-center justify-between gap-2">
        {published ? (
          <LineCount before={published.source} after={draftText} version={published.version} />
        ) : (
          <p>This creates version 1.</p>
        )}
        {before !== undefined && (
          <SegmentedControl label="Show changes as" options={VIEWS} value={view} onChange={setView} />
        )}
      </div>
      {view === "text" && before !== undefined ? (
        <LineChanges before={before} after={draftText} />
      ) : (
        <CanvasChanges before={before} after={draftText} meetings={meetings} />
      )}
    </>
  );
}

interface LineCountProps {
  readonly before: string;
  readonly after: string;
  readonly version: number;
}

function LineCount({ before, after, version }: LineCountProps) {
  const lines = diffLines(before, after);
  const count = (kind: DiffLine["kind"]) => lines.filter((line) => line.kind === kind).length;
  return (
    <p>
      Compared with version {version}: <strong className="text-add-text">{count("added")} lines added</strong>
      , <strong className="text-del-text">{count("removed")} removed</strong>.
    </p>
  );
}
