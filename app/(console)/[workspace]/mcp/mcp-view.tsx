"use client";
import { Plug, Plus } from "#/app/_ui/icons.tsx";
import { useSearchParams } from "next/navigation";
import { type ReactNode, useState } from "react";
import { Button } from "#/app/_ui/button.tsx";
import { Card } from "#/app/_ui/card.tsx";
import { EmptyState } from "#/app/_ui/empty-state.tsx";
import { LoadProblem } from "#/app/_ui/load-problem.tsx";
import { Notice } from "#/app/_ui/notice.tsx";
import { PageHeader } from "#/app/_ui/page-header.tsx";
import { SkeletonRows } from "#/app/_ui/skeleton.tsx";
import { useMcpServers } from "../_data/mcp.ts";
import { PlainTwin } from "../_form/plain-twin.tsx";
import { AddServerDialog } from "./add-server-dialog.tsx";
import { ServerCard } from "./server-card.tsx";

/** The MCP servers of the workspace, and what agents may call on them. */
export function McpView({ canChange }: { readonly canChange: boolean }) {
  const [adding, setAdding] = useState(false);
  const problem = useSearchParams().get("problem");
  const add = canChange && (
    <Button variant="primary" onClick={() => setAdding(true)}>
      <Plus aria-hidden /> Add server
    </Button>
  );
  return (
    <>
      <PlainTwin page="mcp" />
      <PageHeader
        title="MCP servers"
        description="Servers whose tools your agents can call. A tool is available once an admin has chosen it."
        actions={add}
      />
      {problem && (
        <Notice tone="bad" title="The sign-in didn’t work" className="mb-4">
          {problem}
        </Notice>
      )}
      <Servers canChange={canChange} add={add} />
      <AddServerDialog open={adding} onClose={() => setAdding(false)} />
    </>
  );
}

interface ServersProps {
  readonly canChange: boolean;
  readonly add: ReactNode;
}

function Servers({ canChange, add }: ServersProps) {
  const asked = useSearchParams().get("server");
  const { data, error, isPending, refetch } = useMcpServers();
  if (isPending) return <SkeletonRows rows={3} />;
  if (!data) return <LoadProblem what="MCP servers" error={error} onRetry={() => void refetch()} />;
  if (data.items.length === 0)
    return (
      <Card>
        <EmptyState icon={Plug} title="No MCP servers yet" actions={add}>
          Add one by its address, or choose Figma, GitHub, Linear, Notion, Slack or Sentry.
        </EmptyState>
      </Card>
    );
  const isOnly = data.items.length === 1;
  return (
    <ul className="flex flex-col gap-4">
      {data.items.map((server) => (
        <li key={server.id}>
          <ServerCard server={server} canChange={canChange} opened={isOnly || server.id === asked} />
        </li>
      ))}
    </ul>
  );
}
