"use client";
import { ArrowRight } from "#/app/_ui/icons.tsx";
import Link from "next/link";
import { buttonLook } from "#/app/_ui/button.tsx";
import { servesModels } from "#/agents/vocabulary/connection.ts";
import { useConnections } from "../../_data/connections.ts";
import { useWorkspace, useWorkspacePath } from "../../_shell/workspace-context.tsx";
import { ChecklistStep } from "./checklist-step.tsx";

const TITLE = "Connect your language model";

/** Ticks itself where the deployment has a real model, or the workspace a connection to one. */
export function ModelStep() {
  const { model, modelNote } = useWorkspace();
  const connections = useConnections().data?.items ?? [];
  const own = connections.find(({ kind }) => servesModels(kind));
  if (modelNote === null) {
    return (
      <ChecklistStep title={TITLE} done>
        <p>
          Workflows use <Code>{model}</Code>.
        </p>
      </ChecklistStep>
    );
  }
  if (own) {
    return (
      <ChecklistStep title={TITLE} done>
        <p>
          Steps use it by name: <Code>{`${own.name}/…`}</Code> and the model.
        </p>
      </ChecklistStep>
    );
  }
  return <Unconnected />;
}

function Unconnected() {
  const path = useWorkspacePath();
  return (
    <ChecklistStep title={TITLE} done={false}>
      <p>
        For now, an offline model answers by quoting your documents. Connect OpenAI, Anthropic, Google or your
        own endpoint.
      </p>
      <Link href={path("settings", "connections")} className={`${buttonLook()} mt-2`}>
        Open connections <ArrowRight aria-hidden />
      </Link>
    </ChecklistStep>
  );
}

const Code = ({ children }: { readonly children: string }) => (
  <code className="font-mono text-xs break-all text-foreground">{children}</code>
);
