"use client";
import { ChevronRight, Plug, RotateCw, Trash2 } from "#/app/_ui/icons.tsx";
import { useState } from "react";
import { toast } from "#/app/_ui/toast.ts";
import { describeError } from "#/app/_ui/api-error.ts";
import { Badge } from "#/app/_ui/badge.tsx";
import { Button } from "#/app/_ui/button.tsx";
import { Card } from "#/app/_ui/card.tsx";
import { ConfirmDialog } from "#/app/_ui/confirm-dialog.tsx";
import { Notice } from "#/app/_ui/notice.tsx";
import { RelativeTime } from "#/app/_ui/time.tsx";
import type { McpServer } from "#/operations/mcp-servers/contract.ts";
import { useRefreshMcpServer, useRemoveMcpServer, useSignIn } from "../_data/mcp.ts";
import { describeServer, STATES } from "./server-state.ts";
import { ToolList } from "./tool-list.tsx";

interface ServerCardProps {
  readonly server: McpServer;
  readonly canChange: boolean;
  /** True if the server's tools are shown from the start. */
  readonly opened: boolean;
}

const tell = (error: unknown) => toast.error(describeError(error));

/** One server: how it is, what it is told, and its tools. */
export function ServerCard({ server, canChange, opened }: ServerCardProps) {
  const [isOpen, setOpen] = useState(opened);
  const { id, name, state, problem, tools, listedAt } = server;
  return (
    <Card aria-label={name}>
      <header className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
        <button
          type="button"
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
          className="flex min-w-0 flex-1 basis-56 items-start gap-2 text-left touch-target"
        >
          <ChevronRight
            aria-hidden
            className={`mt-0.5 size-4 shrink-0 transition-transform ${isOpen ? "rotate-90" : ""}`}
          />
          <span className="min-w-0">
            <span className="flex flex-wrap items-center gap-2 font-medium">
              {name} <Badge tone={STATES[state].tone}>{STATES[state].label}</Badge>
              {tools.changed > 0 && <Badge tone="warn">{tools.changed} changed</Badge>}
            </span>
            <span className="block text-xs break-words text-muted-foreground">{describeServer(server)}</span>
          </span>
        </button>
        <span className="text-xs text-muted-foreground">
          {tools.chosen} of {tools.listed} tools chosen
          {listedAt !== null && (
            <>
              {" "}
              · asked <RelativeTime at={listedAt} />
            </>
          )}
        </span>
        {canChange && <Actions server={server} />}
      </header>
      {problem !== null && (
        <Notice tone={state === "failed" ? "bad" : "warn"} title={STATES[state].label} className="mx-4 mb-3">
          {problem}
        </Notice>
      )}
      {isOpen && <ToolList serverId={id} canChange={canChange} />}
    </Card>
  );
}

function Actions({ server }: { readonly server: McpServer }) {
  const [removing, setRemoving] = useState(false);
  const { id, name, signIn, isSignedIn } = server;
  const refresh = useRefreshMcpServer(id);
  const begin = useSignIn(id);
  return (
    <span className="flex items-center gap-2">
      {signIn === "oauth2-code" && (
        <Button
          variant={isSignedIn ? "outline" : "primary"}
          pending={begin.isPending}
          onClick={() => begin.mutate(undefined, { onError: tell })}
        >
          <Plug aria-hidden /> {isSignedIn ? "Sign in again" : "Connect"}
        </Button>
      )}
      <Button pending={refresh.isPending} onClick={() => refresh.mutate(undefined, { onError: tell })}>
        <RotateCw aria-hidden /> Refresh
      </Button>
      <Button variant="ghost" size="icon" aria-label={`Remove ${name}`} onClick={() => setRemoving(true)}>
        <Trash2 aria-hidden />
      </Button>
      <RemoveDialog server={server} open={removing} onClose={() => setRemoving(false)} />
    </span>
  );
}

interface RemoveDialogProps {
  readonly server: McpServer;
  readonly open: boolean;
  readonly onClose: () => void;
}

function RemoveDialog({ server, open, onClose }: RemoveDialogProps) {
  const remove = useRemoveMcpServer(server.id);
  const confirm = () =>
    remove.mutate(undefined, {
      onSuccess: () => toast.success("Server removed"),
      onError: tell,
      onSettled: onClose,
    });
  return (
    <ConfirmDialog
      open={open}
      onClose={onClose}
      title={`Remove “${server.name}”?`}
      description="Its tools and its credentials are deleted. Steps that call its tools will fail."
      action="Remove"
      pending={remove.isPending}
      onConfirm={confirm}
    />
  );
}
