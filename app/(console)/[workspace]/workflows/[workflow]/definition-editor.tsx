"use client";
import { CloudUpload, Save } from "#/app/_ui/icons.tsx";
import { useRef, useState } from "react";
import { toast } from "#/app/_ui/toast.ts";
import type { Catalogue } from "#/agents/definition/check/validate.ts";
import type { Workflow } from "#/operations/workflows/contract.ts";
import { Badge } from "#/app/_ui/badge.tsx";
import { Button } from "#/app/_ui/button.tsx";
import { Card } from "#/app/_ui/card.tsx";
import { CodeArea, goToLine } from "../../_definition/code-area.tsx";
import { ProblemList } from "../../_definition/problem-list.tsx";
import { StepOutlineCard } from "../../_definition/step-outline-card.tsx";
import { listLines, useCheck } from "../../_definition/use-check.ts";
import { DraftNotices } from "./draft-notices.tsx";
import { PublishDialog } from "./publish-dialog.tsx";
import { useDraft } from "./use-draft.ts";

interface DefinitionEditorProps {
  readonly workflow: Workflow;
  readonly catalogue: Catalogue;
}

/** The draft as text, checked while it is written; saved and published by hand. */
export function DefinitionEditor({ workflow, catalogue }: DefinitionEditorProps) {
  const [publishing, setPublishing] = useState(false);
  const area = useRef<HTMLTextAreaElement>(null);
  const draft = useDraft(workflow);
  const { text, unsaved, isSaving, conflict } = draft;
  const { problems, outline } = useCheck(text, catalogue) ?? {};
  const onGo = (line: number) => area.current && goToLine(area.current, line);
  const saveDraft = async (revision?: number) => {
    if (await draft.save(revision)) toast.success("Draft saved");
  };
  // What is published is the saved draft, with the warnings that the server has for it.
  const publish = async () => setPublishing(!unsaved || (await draft.save()));
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_20rem]">
      <Card className="min-w-0 overflow-hidden">
        <Toolbar
          unsaved={unsaved}
          isSaving={isSaving}
          canSave={!conflict}
          saveDraft={() => void saveDraft()}
          canPublish={problems?.length === 0 && !conflict}
          onPublish={() => void publish()}
        />
        <DraftNotices
          text={text}
          isRestored={draft.isRestored}
          conflict={conflict}
          onReplace={(revision) => void saveDraft(revision)}
          onLoad={draft.loadSaved}
        />
        <CodeArea
          ref={area}
          label="Definition (YAML or JSON)"
          value={text}
          onChange={draft.setText}
          onSave={() => void saveDraft()}
          marked={listLines(problems)}
          className="h-[max(24rem,calc(100dvh-19rem))]"
        />
      </Card>
      <div className="flex min-w-0 flex-col gap-4">
        <ProblemList
          praise="No errors. Ready to publish."
          problems={problems}
          warnings={workflow.warnings}
          onGo={onGo}
        />
        <StepOutlineCard
          outline={outline}
          isOld={problems !== undefined && problems.length > 0}
          onGo={onGo}
        />
      </div>
      <PublishDialog open={publishing} onClose={() => setPublishing(false)} workflow={workflow} />
    </div>
  );
}

interface ToolbarProps {
  readonly unsaved: boolean;
  readonly saveDraft: () => void;
  readonly isSaving: boolean;
  readonly canSave: boolean;
  readonly canPublish: boolean;
  readonly onPublish: () => void;
}

function Toolbar({ unsaved, saveDraft, isSaving, canSave, canPublish, onPublish }: ToolbarProps) {
  return (
    <div className="flex flex-wrap items-center justify-between gap-2 border-b border-border px-3 py-2">
      <div className="flex items-center gap-2">
        {unsaved ? <Badge tone="warn">Unsaved changes</Badge> : <Badge>Saved draft</Badge>}
      </div>
      <div className="flex gap-2">
        <Button
          disabled={!unsaved || !canSave}
          pending={isSaving}
          onClick={saveDraft}
          title="Ctrl or ⌘ and S"
        >
          <Save aria-hidden /> Save draft
        </Button>
        <Button variant="primary" disabled={!canPublish || isSaving} onClick={onPublish}>
          <CloudUpload aria-hidden /> Publish…
        </Button>
      </div>
    </div>
  );
}
