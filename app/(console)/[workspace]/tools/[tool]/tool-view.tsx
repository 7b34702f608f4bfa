"use client";
import { RowLink } from "#/app/_ui/row-link.tsx";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { toast } from "#/app/_ui/toast.ts";
import type { Tool } from "#/operations/tools/contract.ts";
import { describeError } from "#/app/_ui/api-error.ts";
import { Badge } from "#/app/_ui/badge.tsx";
import { Button } from "#/app/_ui/button.tsx";
import { Card, CardHeader } from "#/app/_ui/card.tsx";
import { ConfirmDialog } from "#/app/_ui/confirm-dialog.tsx";
import { JsonView } from "#/app/_ui/json-view.tsx";
import { LoadProblem } from "#/app/_ui/load-problem.tsx";
import { PageHeader } from "#/app/_ui/page-header.tsx";
import { SkeletonRows } from "#/app/_ui/skeleton.tsx";
import { useDeleteTool, useTool } from "../../_data/tools.ts";
import { useWorkspacePath } from "../../_shell/workspace-context.tsx";
import { EFFECT_WORDS, ORIGIN_WORDS, writeRule } from "../tool-words.ts";
import { EditTool } from "./edit-tool.tsx";
import { RefreshImport } from "./refresh-import.tsx";
import { ToolRules } from "./tool-rules.tsx";
import { TryTool } from "./try-tool.tsx";

/** One tool: what it does, when it may be called, where it is used, and a form to try it. */
export function ToolView({ name }: { readonly name: string }) {
  const { data: tool, error, isPending, refetch } = useTool(name);
  if (isPending) return <SkeletonRows rows={6} />;
  if (!tool) return <LoadProblem what="the tool" error={error} onRetry={() => void refetch()} />;
  return (
    <>
      <PageHeader
        title={tool.name}
        description={tool.description}
        actions={
          tool.request && (
            <>
              {tool.origin === "openapi" && <RefreshImport tool={tool} request={tool.request} />}
              <EditTool tool={tool} request={tool.request} />
              <DeleteTool tool={tool} />
            </>
          )
        }
      />
      <div className="mb-4 flex flex-wrap gap-1.5">
        <Badge>{ORIGIN_WORDS[tool.origin]}</Badge>
        <Badge>{EFFECT_WORDS[tool.effect]}</Badge>
        <Badge tone={tool.policy === "deny" ? "bad" : "idle"}>{writeRule(tool)}</Badge>
      </div>
      <div className="grid items-start gap-5 lg:grid-cols-2">
        <TryTool tool={tool} />
        <div className="flex min-w-0 flex-col gap-5">
          <ToolRules key={JSON.stringify([tool.policy, tool.ownLimits])} tool={tool} />
          <UsedBy tool={tool} />
          <Card aria-label="Definition">
            <CardHeader title="Definition" />
            <div className="flex flex-col gap-3 p-4">
              {tool.request && <JsonView what="Request" value={tool.request} />}
              <JsonView what="Arguments" value={tool.input} />
            </div>
          </Card>
        </div>
      </div>
    </>
  );
}

function UsedBy({ tool }: { readonly tool: Tool }) {
  const path = useWorkspacePath();
  return (
    <Card aria-label="Used by">
      <CardHeader title="Used by" description="Workflows whose published version names it." />
      {tool.workflows.length === 0 ? (
        <p className="px-4 py-3 text-muted-foreground">No workflow yet.</p>
      ) : (
        <ul className="divide-y divide-border">
          {tool.workflows.map(({ id, name }) => (
            <li key={id} className="px-4 py-2">
              <RowLink href={path("workflows", id)} className="hover:underline">
                {name}
              </RowLink>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function DeleteTool({ tool }: { readonly tool: Tool }) {
  const router = useRouter();
  const path = useWorkspacePath();
  const remove = useDeleteTool();
  const [asking, setAsking] = useState(false);
  const confirm = () =>
    remove.mutate(tool.name, {
      onSuccess: () => router.push(path("tools")),
      onError: (error) => toast.error(describeError(error)),
    });
  return (
    <>
      <Button onClick={() => setAsking(true)}>Delete</Button>
      <ConfirmDialog
        open={asking}
        onClose={() => setAsking(false)}
        title={`Delete ${tool.name}?`}
        description="Steps that name it fail from then on."
        action="Delete"
        pending={remove.isPending}
        onConfirm={confirm}
      />
    </>
  );
}
