"use client";
import { Button } from "#/app/_ui/button.tsx";
import { ChangeList } from "#/app/_ui/change-list.tsx";
import { Notice } from "#/app/_ui/notice.tsx";
import type { ChangeMcpTools, McpTool } from "#/operations/mcp-servers/contract.ts";

interface ToolChangesProps {
  readonly tool: McpTool;
  readonly canChange: boolean;
  readonly pending: boolean;
  readonly onDecide: (decision: ChangeMcpTools["tools"][number]) => void;
}

/** The changes that a server has made to a tool since it was chosen, with the two things to do about them. Until then calls of it wait. */
export function ToolChanges({ tool, canChange, pending, onDecide }: ToolChangesProps) {
  const { name, digest, changes } = tool;
  const actions = canChange && digest !== null && (
    <>
      <Button variant="primary" pending={pending} onClick={() => onDecide({ name, accept: digest })}>
        Accept
      </Button>
      <Button variant="danger" pending={pending} onClick={() => onDecide({ name, isChosen: false })}>
        Block
      </Button>
    </>
  );
  return (
    <Notice tone="warn" title="The server has changed this tool. Runs that call it wait." actions={actions}>
      <ChangeList changes={changes} />
    </Notice>
  );
}
