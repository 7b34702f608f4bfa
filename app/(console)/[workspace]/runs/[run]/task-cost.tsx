import type { StepLog } from "#/operations/runs/contract.ts";
import { sayUsd } from "#/agents/engine/say-amount.ts";

/** The cost of a task's model calls, try by try, and what was taken over instead. Empty for tasks without any. */
export function TaskCost({ tries }: { readonly tries: readonly StepLog[] }) {
  const paid = tries.filter(({ model }) => model !== null);
  if (paid.length === 0) return null;
  return (
    <div className="pt-3">
      <h4 className="mb-1 text-xs font-medium text-muted-foreground">Cost</h4>
      <table className="w-full text-xs tabular-nums">
        <thead className="text-left text-muted-foreground">
          <tr>
            <th className="font-normal">Model</th>
            <th className="pl-3 text-right font-normal">Tokens in</th>
            <th className="pl-3 text-right font-normal">Tokens out</th>
            <th className="pl-3 text-right font-normal">Cost</th>
          </tr>
        </thead>
        <tbody>
          {paid.map((tried) => (
            <TriedCost key={tried.seq} tried={tried} isOneOfSeveral={tries.length > 1} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface TriedCostProps {
  readonly tried: StepLog;
  readonly isOneOfSeveral: boolean;
}

function TriedCost({ tried, isOneOfSeveral }: TriedCostProps) {
  const { model, inputTokens, outputTokens, costUsd, reused, attempt } = tried;
  return (
    <tr className="border-t border-border">
      <td className="py-1 break-all">
        {model}
        {isOneOfSeveral && <span className="text-muted-foreground"> · try {attempt}</span>}
      </td>
      <td className="pl-3 text-right">{inputTokens.toLocaleString("en")}</td>
      <td className="pl-3 text-right">{outputTokens.toLocaleString("en")}</td>
      <td className="pl-3 text-right whitespace-nowrap">
        {reused ? `saved ${sayUsd(costUsd)}` : sayUsd(costUsd)}
      </td>
    </tr>
  );
}
