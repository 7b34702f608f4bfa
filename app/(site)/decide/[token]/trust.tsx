import { type DrawnIcon, Eye, FileText, Hourglass, KeyRound } from "#/app/_ui/icons.tsx";
import { RelativeTime } from "#/app/_ui/time.tsx";
import type { ReactNode } from "react";
import type { LinkedApproval } from "#/operations/approvals/decide-by-link.ts";
import { UtcMoment } from "./utc-moment.tsx";

interface TrustProps {
  readonly linked: LinkedApproval;
}

/** Until when the question can be answered, what its link can do, and what happens if nobody answers. */
export function Trust({ linked }: TrustProps) {
  const { approval, askedBy, workspaceName } = linked;
  const isOpen = approval.status === "open";
  return (
    <aside
      aria-label="About this link"
      className="flex flex-col gap-5 border-t border-line bg-well px-4 py-5 text-xs text-ink-2 md:border-t-0 md:border-l md:px-6 md:py-7"
    >
      <div className="empty:hidden max-md:hidden">
        <OpenUntil linked={linked} />
      </div>
      <section>
        <h2 className="mb-2 text-2xs font-medium text-ink-3">What this link can do</h2>
        <ul className="flex flex-col gap-2">
          <Fact icon={KeyRound}>
            It answers <b className="font-medium text-ink">this one question</b>, once, and opens nothing
            else.
          </Fact>
          <Fact icon={Eye}>You need no account. We never ask for a password or a card here.</Fact>
          <Fact icon={FileText}>
            Your answer is kept with the time, for {askedBy ?? "the people"} at {workspaceName}.
          </Fact>
        </ul>
      </section>
      {isOpen && (
        <p>
          {approval.dueAt === null
            ? "If nobody answers, nothing is done: the run waits."
            : "If nobody answers in time, the run takes the answer that its workflow has for that."}
        </p>
      )}
    </aside>
  );
}

function Fact({ icon: Icon, children }: { readonly icon: DrawnIcon; readonly children: ReactNode }) {
  return (
    <li className="grid grid-cols-[0.875rem_minmax(0,1fr)] gap-2">
      <Icon aria-hidden className="mt-px size-3.5 text-ink-3" />
      <span>{children}</span>
    </li>
  );
}

/** The end of the link or of the question, whichever comes first. */
export function OpenUntil({ linked: { approval, until } }: TrustProps) {
  if (approval.status !== "open") return null;
  const end = approval.dueAt !== null && approval.dueAt < until ? approval.dueAt : until;
  return (
    <p className="flex items-center gap-2 rounded-md bg-wait-soft px-3 py-2 text-xs font-medium text-wait-text inset-ring inset-ring-wait-line">
      <Hourglass aria-hidden className="size-3.5 shrink-0" />
      <span>
        Open until <UtcMoment at={end} />, <RelativeTime at={end} />
      </span>
    </p>
  );
}
