import type { Metadata } from "next";
import { cache } from "react";
import { Card } from "#/app/_ui/card.tsx";
import { actionLabel } from "#/app/_ui/decision-actions.ts";
import { Logo } from "#/app/_ui/logo.tsx";
import { Notice } from "#/app/_ui/notice.tsx";
import { RichValue } from "#/app/_ui/rich-value.tsx";
import { readByLink } from "#/operations/approvals/decide-by-link.ts";
import { LinkDecisionForm } from "./link-decision.tsx";

interface DecidePageProps {
  readonly params: Promise<{ readonly token: string }>;
}

/** The approval that a link opens, read once a request. */
const readApproval = cache((token: string) => readByLink(decodeURIComponent(token)));

export async function generateMetadata({ params }: DecidePageProps): Promise<Metadata> {
  const approval = await readApproval((await params).token);
  return {
    title: approval?.title ?? "Decide",
    robots: { index: false, follow: false },
    referrer: "no-referrer",
  };
}

/** One approval, for whoever has its link. */
export default async function DecidePage({ params }: DecidePageProps) {
  const { token } = await params;
  const approval = await readApproval(token);
  return (
    <main className="mx-auto flex min-h-dvh max-w-2xl flex-col gap-5 p-5 pt-10">
      <p className="flex items-center gap-2 text-base font-semibold">
        <Logo className="size-6 text-primary" /> Cairn
      </p>
      {!approval && (
        <Notice tone="warn" title="This link is no longer valid">
          It has expired or wasn’t copied completely. Ask the sender for a new one.
        </Notice>
      )}
      {approval && (
        <Card aria-label={approval.title} className="flex flex-col gap-4 p-5">
          <h1 className="text-lg font-semibold text-balance">{approval.title}</h1>
          {approval.description && <p className="text-muted-foreground">{approval.description}</p>}
          {approval.shown !== null && approval.shown !== undefined && (
            <div className="rounded-md border border-border bg-background px-4 py-2.5">
              <RichValue value={approval.shown} what="what is to be decided on" />
            </div>
          )}
          {approval.status === "open" ? (
            <LinkDecisionForm
              token={decodeURIComponent(token)}
              approvalId={approval.id}
              actions={approval.actions}
              form={approval.form}
            />
          ) : (
            <Notice
              tone="info"
              title={
                approval.action === null
                  ? `This approval is ${approval.status}`
                  : actionLabel(approval.action)
              }
            >
              There is nothing left to do here.
            </Notice>
          )}
        </Card>
      )}
    </main>
  );
}
