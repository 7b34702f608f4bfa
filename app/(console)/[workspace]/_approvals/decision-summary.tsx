import type { Approval } from "#/operations/approvals/contract.ts";
import { RichValue } from "#/app/_ui/rich-value.tsx";
import { readFields, shownValue } from "#/app/_ui/schema-fields.ts";
import { toLabel } from "#/lib/label.ts";
import { RelativeTime } from "#/app/_ui/time.tsx";
import { actionLabel } from "#/app/_ui/decision-actions.ts";

const WITHOUT_DECISION: Readonly<Partial<Record<Approval["status"], string>>> = {
  expired: "No one decided in time.",
  cancelled: "The run ended before anyone decided.",
};

/** Shows who decided what. */
export function DecisionSummary({ approval }: { readonly approval: Approval }) {
  const { action, status, subject, decidedBy, decidedAt, comment } = approval;
  return (
    <div className="text-muted-foreground">
      <p>
        {action === null ? (
          WITHOUT_DECISION[status]
        ) : (
          <strong className="font-semibold text-foreground">{actionLabel(action, subject)}</strong>
        )}
        {decidedBy && ` by ${decidedBy.name ?? (decidedBy.kind === "key" ? "an API key" : "a person")}`}
        {action !== null && decidedAt && (
          <>
            {" "}
            <RelativeTime at={decidedAt} />
          </>
        )}
      </p>
      <DecidedValues approval={approval} />
      {comment && (
        <blockquote className="mt-1 border-l-2 border-border pl-3 text-foreground">{comment}</blockquote>
      )}
    </div>
  );
}

/** Shows what people filled in or changed. */
function DecidedValues({ approval: { values, form } }: { readonly approval: Approval }) {
  if (typeof values !== "object" || values === null) return null;
  const fields = new Map(readFields(form).map((field) => [field.name, field]));
  return Object.entries(values).map(([name, value]) => {
    const field = fields.get(name);
    return (
      <div key={name} className="mt-2 text-foreground">
        <h3 className="text-xs font-medium text-muted-foreground">{field?.label ?? toLabel(name)}</h3>
        <RichValue value={field ? shownValue(field, value) : value} what={name} />
      </div>
    );
  });
}
