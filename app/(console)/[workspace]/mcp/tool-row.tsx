"use client";
import { Badge } from "#/app/_ui/badge.tsx";
import { Select } from "#/app/_ui/field.tsx";
import { JsonView } from "#/app/_ui/json-view.tsx";
import { Switch } from "#/app/_ui/switch.tsx";
import type { ChangeMcpTools, McpTool } from "#/operations/mcp-servers/contract.ts";
import { EFFECTS } from "./server-state.ts";
import { ToolChanges } from "./tool-changes.tsx";

type Decision = ChangeMcpTools["tools"][number];

interface ToolRowProps {
  readonly tool: McpTool;
  readonly canChange: boolean;
  readonly pending: boolean;
  readonly onDecide: (decision: Decision) => void;
}

/** One tool: whether agents may call it, what it does by the admin's word, and what has changed. */
export function ToolRow({ tool, canChange, pending, onDecide }: ToolRowProps) {
  const { name, calledAs, title, description, inputSchema, isChosen, effect, suggestedEffect, digest } = tool;
  const choose = (chosen: boolean) =>
    onDecide({ name, isChosen: chosen, ...(chosen && effect === "write" && { effect: suggestedEffect }) });
  return (
    <li className="flex flex-col gap-2 px-4 py-3">
      <div className="flex flex-wrap items-start gap-x-4 gap-y-2">
        <span className="pt-0.5">
          <Switch
            label={`Let agents call ${name}`}
            checked={isChosen}
            disabled={!canChange || pending}
            onChange={choose}
          />
        </span>
        <div className="min-w-0 flex-1 basis-64">
          <p className="flex flex-wrap items-center gap-2">
            <span className="font-mono text-xs font-medium break-all">{name}</span>
            {title !== null && <span className="text-muted-foreground">{title}</span>}
            {isChosen && digest === null && <Badge tone="warn">No longer listed</Badge>}
          </p>
          <p className="text-xs break-words whitespace-pre-line text-muted-foreground">{description}</p>
          <details className="mt-1 text-xs text-muted-foreground">
            <summary className="cursor-pointer">Arguments · called as {calledAs}</summary>
            <div className="mt-2">
              <JsonView value={inputSchema} what="arguments" />
            </div>
          </details>
        </div>
        {isChosen && <EffectSelect tool={tool} disabled={!canChange || pending} onDecide={onDecide} />}
      </div>
      {isChosen && tool.changes.length > 0 && (
        <ToolChanges tool={tool} canChange={canChange} pending={pending} onDecide={onDecide} />
      )}
    </li>
  );
}

interface EffectSelectProps extends Pick<ToolRowProps, "tool" | "onDecide"> {
  readonly disabled: boolean;
}

function EffectSelect({ tool: { name, effect }, disabled, onDecide }: EffectSelectProps) {
  return (
    <Select
      aria-label={`What ${name} does`}
      value={effect}
      disabled={disabled}
      onChange={({ target }) => onDecide({ name, effect: readEffect(target.value) })}
      className="w-auto"
    >
      {Object.entries(EFFECTS).map(([value, label]) => (
        <option key={value} value={value}>
          {label}
        </option>
      ))}
    </Select>
  );
}

const readEffect = (value: string): McpTool["effect"] =>
  value === "read" || value === "idempotent" ? value : "write";
