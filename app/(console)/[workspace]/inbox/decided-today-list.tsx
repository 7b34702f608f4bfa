"use client";
import { RowLink } from "#/app/_ui/row-link.tsx";
import { actionLabel } from "#/app/_ui/decision-actions.ts";
import { cn } from "#/app/_ui/class-names.ts";
import { StateGlyph } from "#/app/_ui/state-glyph.tsx";
import { RENEW_MS, useNow, writeMoment } from "#/app/_ui/time.tsx";
import { useSoonHydrated } from "#/app/_ui/use-hydrated.ts";
import type { Approval } from "#/operations/approvals/contract.ts";
import { useApprovals } from "../_data/approvals.ts";
import { useWorkspacePath } from "../_shell/workspace-context.tsx";
import { pickToday } from "./decided-today.ts";
import { GROUP_NAME, LINE } from "./line-look.ts";
import { writeClock } from "./write-due.ts";

/** What people have decided today, below what waits. It is of the reader's day, which the server does not know. */
export function DecidedToday() {
  const { data } = useApprovals("decided");
  const now = useNow(RENEW_MS);
  const today = useSoonHydrated() && data ? pickToday(data.items, now) : [];
  if (today.length === 0) return null;
  return (
    <section aria-labelledby="decided-today">
      <h2 id="decided-today" className={GROUP_NAME}>
        Decided today
      </h2>
      <ul>
        {today.map((approval) => (
          <Line key={approval.id} approval={approval} />
        ))}
      </ul>
    </section>
  );
}

/** Answers that end what was asked for. */
const REFUSALS: ReadonlySet<string> = new Set(["reject", "block", "stop", "not_sent"]);

function Line({ approval }: { readonly approval: Approval }) {
  const path = useWorkspacePath();
  const { title, runId, decidedAt, action } = approval;
  return (
    <li className="border-b border-line">
      <RowLink href={path("runs", runId)} className={cn(LINE, "text-ink-3")}>
        <StateGlyph glyph={REFUSALS.has(action ?? "") ? "stopped" : "done"} className="mt-0.5" />
        <span className="min-w-0">
          <span className="block truncate">{title}</span>
          <span className="block truncate text-xs leading-5">{sayDecision(approval)}</span>
        </span>
        {decidedAt && (
          <time dateTime={decidedAt} title={writeMoment(Date.parse(decidedAt))} className="text-xs leading-5">
            {writeClock(decidedAt)}
          </time>
        )}
      </RowLink>
    </li>
  );
}

/** Says who decided what, and why: "Rejected by Leo: keep for audit". */
function sayDecision({ action, subject, decidedBy, comment }: Approval): string {
  const done = action === null ? "Decided" : actionLabel(action, subject);
  const who = decidedBy?.name ?? (decidedBy?.kind === "key" ? "an API key" : undefined);
  return `${done}${who === undefined ? "" : ` by ${who}`}${comment ? `: ${comment}` : ""}`;
}
