"use client";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { watchQueue } from "#/app/_device/decision-queue.ts";
import { type KeptInbox, readKeptInbox } from "#/app/_device/kept-inbox.ts";
import { Button } from "#/app/_ui/button.tsx";
import { EmptyState } from "#/app/_ui/empty-state.tsx";
import { WifiOff } from "#/app/_ui/icons.tsx";
import { Logo } from "#/app/_ui/logo.tsx";
import { inboxItems } from "../[workspace]/_data/queries.ts";
import { WorkspaceProvider } from "../[workspace]/_shell/workspace-context.tsx";
import { InboxView } from "../[workspace]/inbox/inbox-view.tsx";

/** The inbox as this device has kept it, for whoever is signed in on it; else that there is no network. */
export function OfflineInbox() {
  const kept = useKept();
  useReloadWhenBack();
  return (
    <div className="min-h-dvh bg-ground md:p-2">
      <main
        id="page"
        className="min-h-dvh bg-sheet md:min-h-[calc(100dvh-1rem)] md:rounded-lg md:border md:border-line"
      >
        <p className="flex h-12 items-center gap-2 border-b border-line px-4 font-semibold md:hidden">
          <Logo className="size-5 text-accent-text" />{" "}
          {kept === "reading" || !kept ? "Cairn" : kept.workspace.name}
        </p>
        {kept === undefined && <NothingKept />}
        {kept !== undefined && kept !== "reading" && (
          <WorkspaceProvider workspace={kept.workspace}>
            <InboxView isAway />
          </WorkspaceProvider>
        )}
      </main>
    </div>
  );
}

/** What a browser tells of its network is a guess, so the server is asked. */
const ASK_MS = 4_000;

/** Loads the page that was asked for as soon as the server answers again, but not while somebody is writing an answer. */
function useReloadWhenBack(): void {
  useEffect(() => {
    let isWriting = false;
    const write = () => (isWriting = true);
    const ask = async () => {
      if (isWriting) return;
      const answer = await fetch("/manifest.webmanifest", { method: "HEAD", cache: "no-store" });
      if (answer.ok && !isWriting) window.location.reload();
    };
    const tryNow = () => void ask().catch(() => undefined);
    const endWatch = watchQueue(() => (isWriting = false));
    document.addEventListener("input", write);
    window.addEventListener("online", tryNow);
    const again = window.setInterval(tryNow, ASK_MS);
    return () => {
      endWatch();
      document.removeEventListener("input", write);
      window.removeEventListener("online", tryNow);
      window.clearInterval(again);
    };
  }, []);
}

/** Reads what is kept, and gives it to the queries that the inbox asks. */
function useKept(): KeptInbox | undefined | "reading" {
  const client = useQueryClient();
  const [kept, setKept] = useState<KeptInbox | undefined | "reading">("reading");
  useEffect(() => {
    const read = async () => {
      const found = await readKeptInbox().catch(() => undefined);
      if (found) client.setQueryData(inboxItems().queryKey, found.inbox, { updatedAt: found.at });
      setKept(found);
    };
    void read();
  }, [client]);
  return kept;
}

function NothingKept() {
  return (
    <EmptyState icon={WifiOff} title="You are offline">
      <p>Nothing of Cairn is kept on this device yet. Open it once with a network and sign in.</p>
      <Button className="mt-4" onClick={() => window.location.reload()}>
        Try again
      </Button>
    </EmptyState>
  );
}
