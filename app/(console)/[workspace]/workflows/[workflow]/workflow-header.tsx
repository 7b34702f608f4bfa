"use client";
import { Archive, CloudUpload, Eye, FlaskConical, Pencil, Play } from "#/app/_ui/icons.tsx";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { toast } from "#/app/_ui/toast.ts";
import type { Workflow } from "#/operations/workflows/contract.ts";
import { describeError } from "#/app/_ui/api-error.ts";
import { Button, type ButtonProps } from "#/app/_ui/button.tsx";
import { ConfirmDialog } from "#/app/_ui/confirm-dialog.tsx";
import { SegmentedControl } from "#/app/_ui/segmented-control.tsx";
import { Logo } from "#/app/_ui/logo.tsx";
import { NarrowBarButton } from "../../_command/bar-button.tsx";
import { useCommands } from "../../_command/bar-store.ts";
import type { Command } from "../../_command/command.ts";
import { tellKeys } from "../../_keys/press.ts";
import { useArchiveWorkflow } from "../../_data/workflows.ts";
import { useWorkspacePath } from "../../_shell/workspace-context.tsx";
import { StartRunDialog } from "../../_start/start-run-dialog.tsx";
import { describeDraft } from "./describe-draft.ts";
import { PublishDialog } from "./publish-dialog.tsx";
import { RenameWindow } from "./rename-window.tsx";
import type { DraftState } from "./use-draft.ts";
import { VIEWS, type View } from "./views.ts";

type Window = "start" | "rename" | "archive" | "publish";

interface WorkflowHeaderProps {
  readonly workflow: Workflow;
  readonly view: View;
  readonly onView: (view: View) => void;
  readonly state: DraftState;
  readonly canPublish: boolean;
  /** Saves what is not saved yet: what is published is the saved draft, with the warnings that the server has for it. */
  readonly onSave: () => Promise<unknown>;
  /** Asks for an input, and runs the draft on it. */
  readonly onTry: () => void;
}

/** The name of a workflow, how its draft stands, its views, and what can be done with it. */
export function WorkflowHeader(props: WorkflowHeaderProps) {
  const { workflow, view, onView, state, canPublish, onSave, onTry } = props;
  const path = useWorkspacePath();
  const [open, setOpen] = useState<Window>();
  const close = () => setOpen(undefined);
  const { id, name, publishedVersion } = workflow;
  const publish = async () => {
    if ((await onSave()) !== undefined) setOpen("publish");
  };
  useHeaderCommands(props, { setOpen, publish });
  return (
    <header className="flex shrink-0 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line bg-sheet px-3 py-1.5 md:h-12 md:flex-nowrap md:py-0">
      <Link href={path("runs")} aria-label="Cairn" className="rounded-md text-accent-text max-md:hidden">
        <Logo className="size-5" />
      </Link>
      <nav aria-label="Path" className="flex items-center md:max-lg:hidden gap-1.5 text-ink-3">
        <Link href={path("workflows")} className="rounded-sm hover:text-ink">
          Workflows
        </Link>
        <span aria-hidden>/</span>
      </nav>
      <h1 className="min-w-0 truncate text-read font-semibold tracking-tight">{name}</h1>
      <p className="hidden text-xs whitespace-nowrap text-ink-2 lg:block">{describeDraft(workflow)}</p>
      <ViewSwitch view={view} onView={onView} />
      <div className="ml-auto flex items-center gap-1.5 max-md:flex-wrap max-md:justify-end md:flex-1 md:justify-end">
        <SaveState state={state} />
        <NarrowBarButton />
        <RenameWindow
          workflow={workflow}
          button={{ ...iconLook("Rename"), children: <Pencil aria-hidden /> }}
          opening={{ isOpen: open === "rename", onOpen: () => setOpen("rename"), onClose: close }}
        />
        <Button {...iconLook("Archive")} onClick={() => setOpen("archive")}>
          <Archive aria-hidden />
        </Button>
        <Button
          disabled={publishedVersion === null}
          title={publishedVersion === null ? "Publish it first" : undefined}
          onClick={() => setOpen("start")}
        >
          <Play aria-hidden /> <span className="max-lg:sr-only">Start run</span>
        </Button>
        <Button title={`Run the draft without publishing it (${tellKeys("studio.try")})`} onClick={onTry}>
          <FlaskConical aria-hidden /> <span className="max-md:sr-only">Try</span>
        </Button>
        <Button variant="primary" disabled={!canPublish} onClick={() => void publish()}>
          <CloudUpload aria-hidden /> Publish…
        </Button>
      </div>
      <StartRunDialog open={open === "start"} onClose={close} workflowId={id} />
      <ArchiveDialog open={open === "archive"} onClose={close} workflow={workflow} />
      <PublishDialog open={open === "publish"} onClose={close} workflow={workflow} />
    </header>
  );
}

interface HeaderActs {
  readonly setOpen: (window: Window) => void;
  readonly publish: () => Promise<void>;
}

/** Offers in the command bar what the header offers to a pointer. */
function useHeaderCommands(
  { workflow, view, onView, canPublish, onTry }: WorkflowHeaderProps,
  { setOpen, publish }: HeaderActs,
): void {
  const { name, publishedVersion } = workflow;
  const canStart = publishedVersion !== null;
  const views = VIEWS.filter((one) => one.value !== view).map((one): Command => ({
    id: `view:${one.value}`,
    label: `Show ${one.label}`,
    picture: Eye,
    words: "view tab",
    act: () => onView(one.value),
  }));
  const deeds: readonly Command[] = [
    { id: "publish", label: `Publish ${name}`, picture: CloudUpload, needs: "workflows:write", act: publish },
    {
      id: "try",
      label: `Try ${name}`,
      picture: FlaskConical,
      words: "run draft test",
      shortcut: "studio.try",
      needs: "workflows:write",
      act: onTry,
    },
    { id: "start", label: `Start ${name}`, picture: Play, needs: "runs:start", act: () => setOpen("start") },
    {
      id: "rename",
      label: `Rename ${name}`,
      picture: Pencil,
      needs: "workflows:write",
      act: () => setOpen("rename"),
    },
    {
      id: "archive",
      label: `Archive ${name}`,
      picture: Archive,
      words: "delete remove",
      needs: "workflows:write",
      act: () => setOpen("archive"),
    },
  ];
  const isOff = new Set([canPublish ? "" : "publish", canStart ? "" : "start"]);
  useCommands([...deeds.filter(({ id }) => !isOff.has(id)), ...views]);
}

const SAVE_STATES: Readonly<Record<DraftState, string>> = {
  saved: "Saved",
  saving: "Saving…",
  unsaved: "Saving…",
  offline: "Kept here, sent when you are online",
  conflict: "Not saved",
};

function SaveState({ state }: { readonly state: DraftState }) {
  return <output className="text-xs whitespace-nowrap text-ink-3">{SAVE_STATES[state]}</output>;
}

interface ViewSwitchProps {
  readonly view: View;
  readonly onView: (view: View) => void;
}

function ViewSwitch({ view, onView }: ViewSwitchProps) {
  return (
    <SegmentedControl
      label="View"
      options={VIEWS}
      value={view}
      onChange={onView}
      className="max-md:order-last max-md:w-full"
    />
  );
}

/** On a phone the command bar offers it, and the row belongs to what is done most. */
const iconLook = (label: string): ButtonProps => ({
  variant: "ghost",
  size: "icon",
  className: "max-md:hidden",
  "aria-label": label,
  title: label,
});

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
