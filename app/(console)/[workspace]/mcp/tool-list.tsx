"use client";
import { toast } from "#/app/_ui/toast.ts";
import { describeError } from "#/app/_ui/api-error.ts";
import { LoadProblem } from "#/app/_ui/load-problem.tsx";
import { SkeletonRows } from "#/app/_ui/skeleton.tsx";
import type { ChangeMcpTools } from "#/operations/mcp-servers/contract.ts";
import { useChangeMcpTools, useMcpServer } from "../_data/mcp.ts";
import { sortTools } from "./server-state.ts";
import { ToolRow } from "./tool-row.tsx";

interface ToolListProps {
  readonly serverId: string;
  readonly canChange: boolean;
}

/** The tools of a server, those that need a decision first. */
export function ToolList({ serverId, canChange }: ToolListProps) {
  const { data, error, isPending, refetch } = useMcpServer(serverId);
  const change = useChangeMcpTools(serverId);
  if (isPending) return <SkeletonRows rows={3} />;
  if (!data) return <LoadProblem what="tools" error={error} onRetry={() => void refetch()} />;
  const decide = (decision: ChangeMcpTools["tools"][number]) =>
    change.mutate([decision], { onError: (refusal) => toast.error(describeError(refusal)) });
  const tools = sortTools(data.toolList);
  return (
    <div className="border-t border-border">
      {tools.length === 0 && <p className="px-4 py-3 text-muted-foreground">It lists no tools.</p>}
      <ul className="divide-y divide-border">
        {tools.map((tool) => (
          <ToolRow
            key={tool.name}
            tool={tool}
            canChange={canChange}
            pending={change.isPending}
            onDecide={decide}
          />
        ))}
      </ul>
      {data.unfit.length > 0 && <Unfit tools={data.unfit} />}
    </div>
  );
}

interface UnfitProps {
  readonly tools: readonly { readonly name: string; readonly reason: string }[];
}

/** Lists the tools that cannot be used, and why. */
export function Unfit({ tools }: UnfitProps) {
  return (
    <details className="border-t border-border px-4 py-3 text-xs text-muted-foreground">
      <summary className="cursor-pointer">{tools.length} more that can’t be used</summary>
      <ul className="mt-2 flex flex-col gap-1">
        {tools.map(({ name, reason }) => (
          <li key={`${name} ${reason}`}>
            <span className="font-mono">{name || "without a name"}</span>: {reason}
          </li>
        ))}
      </ul>
    </details>
  );
}
