"use client";
import { useSearchParams } from "next/navigation";
import { Badge } from "#/app/_ui/badge.tsx";
import { Card, CardHeader } from "#/app/_ui/card.tsx";
import { EmptyState } from "#/app/_ui/empty-state.tsx";
import { Plug } from "#/app/_ui/icons.tsx";
import { Notice } from "#/app/_ui/notice.tsx";
import { PageHeader } from "#/app/_ui/page-header.tsx";
import type { McpServer } from "#/operations/mcp-servers/contract.ts";
import { useMcpServer, useMcpServers } from "../_data/mcp.ts";
import { ButtonForm } from "../_form/button-form.tsx";
import { FormWindow } from "../_form/form-window.tsx";
import { showSignIn } from "../_form/sign-in-link.tsx";
import { refreshServer, removeServer, signInToServer } from "./actions.ts";
import { PlainAddServer } from "./plain-add-server.tsx";
import { PlainTool } from "./plain-tool.tsx";
import { describeServer, sortTools, STATES } from "./server-state.ts";
import { Unfit } from "./tool-list.tsx";

interface PlainServersProps {
  readonly canChange: boolean;
}

/** The MCP servers in a browser without scripts: all of their tools, and a form for each thing that can be done. */
export function PlainServers({ canChange }: PlainServersProps) {
  const problem = useSearchParams().get("problem");
  const servers = useMcpServers().data?.items ?? [];
  return (
    <>
      <PageHeader
        title="MCP servers"
        description="Servers whose tools your agents can call. A tool is available once an admin has chosen it."
        actions={canChange && <PlainAddServer />}
      />
      {problem && (
        <Notice tone="bad" title="The sign-in didn’t work" className="mb-4">
          {problem}
        </Notice>
      )}
      {servers.length === 0 && (
        <Card>
          <EmptyState icon={Plug} title="No MCP servers yet">
            Add one by its address.
          </EmptyState>
        </Card>
      )}
      <ul className="flex flex-col gap-4">
        {servers.map((server) => (
          <li key={server.id}>
            <PlainServer server={server} canChange={canChange} />
          </li>
        ))}
      </ul>
    </>
  );
}

interface PlainServerProps extends PlainServersProps {
  readonly server: McpServer;
}

function PlainServer({ server, canChange }: PlainServerProps) {
  const { name, state, problem, tools } = server;
  return (
    <Card aria-label={name}>
      <CardHeader
        title={<Title server={server} />}
        description={`${describeServer(server)} · ${tools.chosen} of ${tools.listed} tools chosen`}
        actions={canChange && <Actions server={server} />}
      />
      {problem !== null && (
        <Notice tone={state === "failed" ? "bad" : "warn"} title={STATES[state].label} className="mx-4 my-3">
          {problem}
        </Notice>
      )}
      <Tools server={server} canChange={canChange} />
    </Card>
  );
}

const Title = ({ server: { name, state, tools } }: Pick<PlainServerProps, "server">) => (
  <span className="flex flex-wrap items-center gap-2">
    {name} <Badge tone={STATES[state].tone}>{STATES[state].label}</Badge>
    {tools.changed > 0 && <Badge tone="warn">{tools.changed} changed</Badge>}
  </span>
);

function Tools({ server: { id }, canChange }: PlainServerProps) {
  const { data } = useMcpServer(id);
  if (!data) return null;
  const { toolList, unfit } = data;
  return (
    <>
      <ul className="divide-y divide-border">
        {sortTools(toolList).map((tool) => (
          <PlainTool key={tool.name} serverId={id} tool={tool} canChange={canChange} />
        ))}
      </ul>
      {toolList.length === 0 && <p className="px-4 py-3 text-muted-foreground">It lists no tools.</p>}
      {unfit.length > 0 && <Unfit tools={unfit} />}
    </>
  );
}

function Actions({ server: { id, name, signIn, isSignedIn } }: Pick<PlainServerProps, "server">) {
  return (
    <>
      {signIn === "oauth2-code" && (
        <ButtonForm
          button={{ children: isSignedIn ? "Sign in again" : "Connect" }}
          action={signInToServer}
          place={`mcp#sign-in-${id}`}
          fixed={{ id }}
          done=""
          answered={showSignIn}
        />
      )}
      <ButtonForm
        button={{ "aria-label": `Refresh ${name}`, children: "Refresh" }}
        action={refreshServer}
        place={`mcp#refresh-${id}`}
        fixed={{ id }}
        done="Asked anew"
      />
      <FormWindow
        button={{ variant: "danger", "aria-label": `Remove ${name}`, children: "Remove" }}
        action={removeServer}
        place={`mcp#remove-${id}`}
        fixed={{ id }}
        title={`Remove “${name}”?`}
        description="Its tools and its credentials are deleted. Steps that call its tools will fail."
        submit="Remove"
        isDangerous
        done="Server removed"
      />
    </>
  );
}
