import type { Approval } from "#/app/api/v1/approvals/contract.ts";
import { RelativeTime } from "#/app/_ui/time.tsx";
import { actionLabel } from "./action-label.ts";

const WITHOUT_DECISION: Readonly<Record<string, string>> = {
  expired: "Nobody decided in time.",
  cancelled: "The run ended before anybody decided.",
};

/** Who decided what. */
export function DecisionSummary({ approval }: { readonly approval: Approval }) {
  const { action, status, decidedBy, decidedAt, comment } = approval;
  return (
    <div className="text-muted-foreground">
      <p>
        {action === null ? WITHOUT_DECISION[status] : <strong className="font-semibold text-foreground">{actionLabel(action)}</strong>}
        {decidedBy && ` by ${decidedBy.name ?? (decidedBy.kind === "key" ? "an API key" : "a person")}`}
        {decidedAt && (
          <>
            {" "}
            <RelativeTime at={decidedAt} />
          </>
        )}
      </p>
      {comment && <blockquote className="mt-1 border-l-2 border-border pl-3 text-foreground">{comment}</blockquote>}
    </div>
  );
}
