"use client";
import type { ReactNode } from "react";
import type { PiledStone } from "#/app/_ui/stone-pile.tsx";
import { servesModels } from "#/agents/vocabulary/connection.ts";
import { useConnections } from "../_data/connections.ts";
import { useWorkspace, useWorkspacePath } from "../_shell/workspace-context.tsx";
import { StepLink, StepRow } from "./step-row.tsx";

/** The step of a real model, done where the deployment has one, or the workspace a connection to one. */
export function ModelStep({ state }: { readonly state: PiledStone }) {
  const path = useWorkspacePath();
  const isOpen = state !== "laid";
  return (
    <StepRow
      title="Connect your language model"
      state={state}
      act={
        isOpen && (
          <StepLink href={path("settings", "connections")} isHere={state === "here"}>
            Connect<span className="sr-only"> a model</span>
          </StepLink>
        )
      }
    >
      {isOpen ? "Until then a small offline one answers, by quoting your documents." : <Served />}
    </StepRow>
  );
}

function Served(): ReactNode {
  const { model, modelNote } = useWorkspace();
  const own = useConnections().data?.items.find(({ kind }) => servesModels(kind));
  return modelNote === null || own === undefined ? (
    <>
      Workflows use <Code>{model}</Code>.
    </>
  ) : (
    <>
      Steps use it by name: <Code>{`${own.name}/…`}</Code> and the model.
    </>
  );
}

const Code = ({ children }: { readonly children: string }) => (
  <code className="font-mono text-xs break-all text-ink">{children}</code>
);
