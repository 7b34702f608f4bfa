"use client";
import { useEffect } from "react";
import { keepInbox, ownerOf } from "#/app/_device/kept-inbox.ts";
import { showWaiting, stayOn } from "#/app/_device/push.ts";
import { startWorker } from "#/app/_device/worker.ts";
import { useShellInbox } from "../_data/approvals.ts";
import { useWorkspace } from "../_shell/workspace-context.tsx";
import { useDecisionSender } from "./use-decision-queue.ts";

/**
 * Makes the console an app of this device: its files and the inbox are kept, what was decided without a network is sent, and its icon shows how much waits.
 * Shows nothing itself.
 */
export function Phone({ build }: { readonly build: string | undefined }) {
  const owner = ownerOf(useWorkspace());
  useDecisionSender();
  useKeptInbox();
  useEffect(() => {
    // What a browser cannot do, or does not want to, is no reason to fail.
    if (build !== undefined) void startWorker(build).then(() => stayOn(owner).catch(() => undefined));
  }, [build, owner]);
  return null;
}

function useKeptInbox(): void {
  const workspace = useWorkspace();
  const { data, dataUpdatedAt } = useShellInbox();
  useEffect(() => {
    if (!data) return;
    const theirs = data.items.filter((item) => item.kind === "question" && item.refusal === null);
    void Promise.allSettled([
      keepInbox(workspace, data, dataUpdatedAt),
      showWaiting(theirs.map(({ id }) => id)),
    ]);
  }, [workspace, data, dataUpdatedAt]);
}
