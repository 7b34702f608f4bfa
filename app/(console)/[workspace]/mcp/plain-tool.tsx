"use client";
import { Badge } from "#/app/_ui/badge.tsx";
import { Button } from "#/app/_ui/button.tsx";
import { ChangeList } from "#/app/_ui/change-list.tsx";
import { Select } from "#/app/_ui/field.tsx";
import { JsonView } from "#/app/_ui/json-view.tsx";
import { Notice } from "#/app/_ui/notice.tsx";
import type { McpTool } from "#/operations/mcp-servers/contract.ts";
import { ActionForm, FormMessage } from "../_form/action-form.tsx";
import { useFormAction } from "../_form/use-form-action.ts";
import { decideTool } from "./actions.ts";
import { EFFECTS } from "./server-state.ts";

interface PlainToolProps {
  readonly serverId: string;
  readonly tool: McpTool;
  readonly canChange: boolean;
}

/** One tool in a browser without scripts: what it is, and a form that decides about it. */
export function PlainTool({ serverId, tool, canChange }: PlainToolProps) {
  const { name, calledAs, title, description, inputSchema, isChosen, digest } = tool;
  return (
    <li className="flex flex-col gap-2 px-4 py-3">
      <p className="flex flex-wrap items-center gap-2">
        <span className="font-mono text-xs font-medium break-all">{name}</span>
        {title !== null && <span className="text-muted-foreground">{title}</span>}
        {isChosen && <Badge tone="ok">Chosen</Badge>}
        {isChosen && digest === null && <Badge tone="warn">No longer listed</Badge>}
      </p>
      <p className="text-xs break-words whitespace-pre-line text-muted-foreground">{description}</p>
      <details className="text-xs text-muted-foreground">
        <summary className="cursor-pointer">Arguments · called as {calledAs}</summary>
        <div className="mt-2">
          <JsonView value={inputSchema} what="arguments" />
        </div>
      </details>
      {isChosen && tool.changes.length > 0 && (
        <Notice tone="warn" title="The server has changed this tool. Runs that call it wait.">
          <ChangeList changes={tool.changes} />
        </Notice>
      )}
      {canChange && <Decision serverId={serverId} tool={tool} />}
    </li>
  );
}

/** Each button sends what it decides; a change is taken in as it is shown here, and not as the server may have changed it since. */
function Decision({ serverId, tool }: Omit<PlainToolProps, "canChange">) {
  const { name, isChosen, effect, suggestedEffect, digest, changes } = tool;
  const sending = useFormAction(decideTool, { place: `mcp#tool-${serverId}-${name}` });
  const first = isChosen ? effect : suggestedEffect;
  return (
    <ActionForm sending={sending} className="flex max-w-full flex-wrap items-center gap-2">
      <input type="hidden" name="id" value={serverId} />
      <input type="hidden" name="name" value={name} />
      <Select aria-label={`What ${name} does`} name="effect" defaultValue={first} className="w-auto">
        {Object.entries(EFFECTS).map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </Select>
      <Button type="submit" name="isChosen" value="true">
        {isChosen ? "Set" : "Let agents call it"}
      </Button>
      {isChosen && digest !== null && changes.length > 0 && (
        <Button type="submit" variant="primary" name="accept" value={digest}>
          Accept the change
        </Button>
      )}
      {isChosen && (
        <Button type="submit" variant="danger" name="isChosen" value="false">
          {changes.length > 0 ? "Block" : "Withdraw"}
        </Button>
      )}
      <FormMessage sending={sending} done="Saved" />
    </ActionForm>
  );
}
