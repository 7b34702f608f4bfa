"use client";
import { Button } from "#/app/_ui/button.tsx";
import { Notice } from "#/app/_ui/notice.tsx";
import { toLabel } from "#/lib/label.ts";
import type { ChangeMcpTools, McpTool } from "#/operations/mcp-servers/contract.ts";

interface ToolChangesProps {
  readonly tool: McpTool;
  readonly canChange: boolean;
  readonly pending: boolean;
  readonly onDecide: (decision: ChangeMcpTools["tools"][number]) => void;
}

/** What a server says otherwise of a tool than when it was chosen, with the two things to do about it. Until then calls of it wait. */
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
      <dl className="flex flex-col gap-2">
        {changes.map(({ part, before, now }) => (
          <div key={part}>
            <dt className="text-xs font-medium">{toLabel(part)}</dt>
            <dd className="flex flex-col gap-1">
              <Side kind="before" value={before} />
              <Side kind="now" value={now} />
            </dd>
          </div>
        ))}
      </dl>
    </Notice>
  );
}

interface SideProps {
  readonly kind: "before" | "now";
  readonly value: unknown;
}

const LOOKS: Readonly<Record<SideProps["kind"], string>> = {
  before: "bg-del text-del-text",
  now: "bg-add text-add-text",
};

function Side({ kind, value }: SideProps) {
  const text = typeof value === "string" ? value : JSON.stringify(value, null, 2);
  const Element = kind === "before" ? "del" : "ins";
  return (
    <Element
      className={`block max-h-64 overflow-auto rounded-md px-2 py-1 font-mono text-xs leading-5 break-words whitespace-pre-wrap no-underline ${LOOKS[kind]}`}
    >
      {text}
    </Element>
  );
}
