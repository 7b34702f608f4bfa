import type { Metadata } from "next";
import { listApprovals } from "#/operations/approvals/list.ts";
import { approvalList, MOST } from "../_data/queries.ts";
import { answer, Prefetched } from "../prefetched.tsx";
import { currentVisit } from "../visit.ts";
import { InboxView } from "./inbox-view.tsx";

export const metadata: Metadata = { title: "Inbox" };

export default async function InboxPage() {
  const { caller } = await currentVisit();
  const open = await listApprovals(caller, { status: "open", limit: MOST });
  return (
    <Prefetched answers={[answer(approvalList("open"), open)]}>
      <InboxView />
    </Prefetched>
  );
}
