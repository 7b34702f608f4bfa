"use client";
import { CloudUpload, Save } from "lucide-react";
import { type RefObject, useEffect, useRef, useState } from "react";
import { toast } from "sonner";
import type { Catalogue } from "#/agents/definition/validate.ts";
import type { Workflow } from "#/app/api/v1/workflows/contract.ts";
import { messageOf } from "#/app/_ui/api-error.ts";
import { Badge } from "#/app/_ui/badge.tsx";
import { Button } from "#/app/_ui/button.tsx";
import { Card } from "#/app/_ui/card.tsx";
import { useSaveWorkflow } from "../../_data/workflows.ts";
import type { LocatedProblem } from "./check-text.ts";
import { CodeArea, goToLine } from "./code-area.tsx";
import { ProblemList } from "./problem-list.tsx";
import { PublishDialog } from "./publish-dialog.tsx";

interface DefinitionEditorProps {
  readonly workflow: Workflow;
  readonly catalogue: Catalogue;
}

/** Typing rests this long before the text is checked. */
const CHECK_AFTER_MS = 250;

/** What is wrong with the text, as it is being written; undefined until the first check is done. */
function useProblems(text: string, catalogue: Catalogue): readonly LocatedProblem[] | undefined {
  const [problems, setProblems] = useState<readonly LocatedProblem[]>();
  useEffect(() => {
    let current = true;
    const check = async () => {
      const { checkText } = await import("./check-text.ts");
      if (current) setProblems(checkText(text, catalogue));
    };
    const timer = setTimeout(() => void check(), CHECK_AFTER_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [text, catalogue]);
  return problems;
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

/** The draft as text, checked while it is written; saved and published by hand. */
export function DefinitionEditor({ workflow, catalogue }: DefinitionEditorProps) {
  const [text, setText] = useState(workflow.draftText);
  const [publishing, setPublishing] = useState(false);
  const area = useRef<HTMLTextAreaElement>(null);
  const problems = useProblems(text, catalogue);
  const unsaved = text !== workflow.draftText;
  useLeaveWarning(unsaved);
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_20rem]">
      <Card className="min-w-0 overflow-hidden">
        <Toolbar workflow={workflow} text={text} unsaved={unsaved} canPublish={problems?.length === 0} onPublish={() => setPublishing(true)} />
        <CodeArea ref={area} label="Definition (YAML or JSON)" value={text} onChange={setText} marked={linesOf(problems)} />
      </Card>
      <Problems problems={problems} area={area} />
      <PublishDialog open={publishing} onClose={() => setPublishing(false)} workflow={workflow} text={text} />
    </div>
  );
}

function linesOf(problems: readonly LocatedProblem[] | undefined): ReadonlySet<number> {
  return new Set((problems ?? []).flatMap(({ line }) => (line === undefined ? [] : [line])));
}

interface ProblemsProps {
  readonly problems: readonly LocatedProblem[] | undefined;
  readonly area: RefObject<HTMLTextAreaElement | null>;
}

function Problems({ problems, area }: ProblemsProps) {
  return <ProblemList problems={problems} onGo={(line) => area.current && goToLine(area.current, line)} />;
}

interface ToolbarProps {
  readonly workflow: Workflow;
  readonly text: string;
  readonly unsaved: boolean;
  readonly canPublish: boolean;
  readonly onPublish: () => void;
}

function Toolbar({ workflow, text, unsaved, canPublish, onPublish }: ToolbarProps) {
  const save = useSaveWorkflow(workflow.id);
  const onSave = () => save.mutate({ definition: text }, { onSuccess: () => toast.success("The draft is saved"), onError: (error) => toast.error(messageOf(error)) });
  return (
    <div className="flex flex-wrap items-center justify-between gap-2 border-b border-border px-3 py-2">
      <div className="flex items-center gap-2">{unsaved ? <Badge tone="warn">Unsaved changes</Badge> : <Badge>Saved draft</Badge>}</div>
      <div className="flex gap-2">
        <Button disabled={!unsaved} pending={save.isPending} onClick={onSave}>
          <Save aria-hidden /> Save draft
        </Button>
        <Button variant="primary" disabled={!canPublish} onClick={onPublish}>
          <CloudUpload aria-hidden /> Publish…
        </Button>
      </div>
    </div>
  );
}
