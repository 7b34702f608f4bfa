"use client";
import { writeSentence } from "#/app/_ui/api-error.ts";
import { Card, CardHeader } from "#/app/_ui/card.tsx";
import { CodeBlock } from "#/app/_ui/code-block.tsx";
import { Notice } from "#/app/_ui/notice.tsx";
import { PageHeader } from "#/app/_ui/page-header.tsx";
import { useWorkflow } from "../../_data/workflows.ts";
import { describeDraft } from "./describe-draft.ts";
import { RenameWindow } from "./rename-window.tsx";

/** A workflow in a browser without scripts: its name, which can be changed, and its draft to read. */
export function PlainWorkflow({ id }: { readonly id: string }) {
  const { data: workflow } = useWorkflow(id);
  if (!workflow) return null;
  const { name, draftText, problems } = workflow;
  return (
    <>
      <PageHeader
        title={name}
        description={describeDraft(workflow)}
        actions={<RenameWindow workflow={workflow} button={{ children: "Rename" }} />}
      />
      <div className="flex flex-col gap-5">
        <Notice tone="info" title="The canvas needs JavaScript">
          Without it you can read and rename a workflow here. To change its draft, use the API.
        </Notice>
        <Card aria-label="Draft">
          <CardHeader title="Draft" />
          <div className="flex flex-col gap-3 p-4">
            {problems.length > 0 && (
              <ul className="list-disc pl-4 text-bad">
                {problems.map((problem) => (
                  <li key={`${problem.path} ${problem.message}`}>{writeSentence(problem)}</li>
                ))}
              </ul>
            )}
            <CodeBlock code={draftText} what="draft" />
          </div>
        </Card>
      </div>
    </>
  );
}
