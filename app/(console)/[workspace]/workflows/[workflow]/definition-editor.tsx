"use client";
import { CloudUpload, Save } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { toast } from "sonner";
import type { Catalogue } from "#/agents/definition/validate.ts";
import type { Workflow } from "#/app/api/v1/workflows/contract.ts";
import { messageOf } from "#/app/_ui/api-error.ts";
import { Badge } from "#/app/_ui/badge.tsx";
import { Button } from "#/app/_ui/button.tsx";
import { Card } from "#/app/_ui/card.tsx";
import { useSaveWorkflow } from "../../_data/workflows.ts";
import { CodeArea, goToLine } from "../../_definition/code-area.tsx";
import { ProblemList } from "../../_definition/problem-list.tsx";
import { StepOutlineCard } from "../../_definition/step-outline-card.tsx";
import { linesOf, useCheck } from "../../_definition/use-check.ts";
import { PublishDialog } from "./publish-dialog.tsx";

interface DefinitionEditorProps {
  readonly workflow: Workflow;
  readonly catalogue: Catalogue;
}

/** Asks before the page is left with unsaved text. */
function useLeaveWarning(unsaved: boolean): void {
  useEffect(() => {
    if (!unsaved) return undefined;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", warn);
    return () => removeEventListener("beforeunload", warn);
  }, [unsaved]);
}

function useSaveDraft(workflow: Workflow, text: string) {
  const save = useSaveWorkflow(workflow.id);
  const unsaved = text !== workflow.draftText;
  const saveDraft = () => {
    if (!unsaved || save.isPending) return;
    save.mutate({ definition: text }, { onSuccess: () => toast.success("The draft is saved"), onError: (error) => toast.error(messageOf(error)) });
  };
  return { unsaved, saveDraft, isSaving: save.isPending };
}

/** The draft as text, checked while it is written; saved and published by hand. */
export function DefinitionEditor({ workflow, catalogue }: DefinitionEditorProps) {
  const [text, setText] = useState(workflow.draftText);
  const [publishing, setPublishing] = useState(false);
  const area = useRef<HTMLTextAreaElement>(null);
  const { problems, outline } = useCheck(text, catalogue) ?? {};
  const draft = useSaveDraft(workflow, text);
  useLeaveWarning(draft.unsaved);
  const onGo = (line: number) => area.current && goToLine(area.current, line);
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_20rem]">
      <Card className="min-w-0 overflow-hidden">
        <Toolbar {...draft} canPublish={problems?.length === 0} onPublish={() => setPublishing(true)} />
        <CodeArea ref={area} label="Definition (YAML or JSON)" value={text} onChange={setText} onSave={draft.saveDraft} marked={linesOf(problems)} className="h-[max(24rem,calc(100dvh-19rem))]" />
      </Card>
      <div className="flex min-w-0 flex-col gap-4">
        <ProblemList praise="It can be published." problems={problems} warnings={workflow.warnings} onGo={onGo} />
        <StepOutlineCard outline={outline} isOld={problems !== undefined && problems.length > 0} onGo={onGo} />
      </div>
      <PublishDialog open={publishing} onClose={() => setPublishing(false)} workflow={workflow} text={text} />
    </div>
  );
}

interface ToolbarProps {
  readonly unsaved: boolean;
  readonly saveDraft: () => void;
  readonly isSaving: boolean;
  readonly canPublish: boolean;
  readonly onPublish: () => void;
}

function Toolbar({ unsaved, saveDraft, isSaving, canPublish, onPublish }: ToolbarProps) {
  return (
    <div className="flex flex-wrap items-center justify-between gap-2 border-b border-border px-3 py-2">
      <div className="flex items-center gap-2">{unsaved ? <Badge tone="warn">Unsaved changes</Badge> : <Badge>Saved draft</Badge>}</div>
      <div className="flex gap-2">
        <Button disabled={!unsaved} pending={isSaving} onClick={saveDraft} title="Ctrl or ⌘ and S">
          <Save aria-hidden /> Save draft
        </Button>
        <Button variant="primary" disabled={!canPublish} onClick={onPublish}>
          <CloudUpload aria-hidden /> Publish…
        </Button>
      </div>
    </div>
  );
}
