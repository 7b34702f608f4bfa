import type { Metadata } from "next";
import { listApprovals } from "#/operations/approvals/list.ts";
import { listInbox } from "#/operations/inbox/list.ts";
import { approvalList, inboxItems, MOST } from "../_data/queries.ts";
import { answer, Prefetched } from "../prefetched.tsx";
import { currentVisit } from "../visit.ts";
import { InboxView } from "./inbox-view.tsx";

export const metadata: Metadata = { title: "Inbox" };

interface InboxPageProps {
  readonly searchParams: Promise<{ readonly whose?: string | string[] }>;
}

export default async function InboxPage({ searchParams }: InboxPageProps) {
  const { caller } = await currentVisit();
  const whose = (await searchParams).whose === "mine" ? "mine" : "team";
  const [items, decided] = await Promise.all([
    listInbox(caller, { limit: MOST, whose }),
    listApprovals(caller, { status: "decided", limit: MOST }),
  ]);
  return (
    <Prefetched answers={[answer(inboxItems(whose), items), answer(approvalList("decided"), decided)]}>
      <InboxView />
    </Prefetched>
  );
}
