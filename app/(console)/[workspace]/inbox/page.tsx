import type { Metadata } from "next";
import { listInbox } from "#/operations/inbox/list.ts";
import { inboxItems, MOST } from "../_data/queries.ts";
import { answer, Prefetched } from "../prefetched.tsx";
import { currentVisit } from "../visit.ts";
import { InboxView } from "./inbox-view.tsx";

export const metadata: Metadata = { title: "Inbox" };

export default async function InboxPage() {
  const { caller } = await currentVisit();
  const items = await listInbox(caller, { limit: MOST });
  return (
    <Prefetched answers={[answer(inboxItems(), items)]}>
      <InboxView />
    </Prefetched>
  );
}
