import type { Metadata } from "next";
import { showSchedule } from "#/operations/schedules/check.ts";
import { listSchedules } from "#/db/schedules.ts";
import { listWebhooks } from "#/db/webhooks.ts";
import { listWorkflows } from "#/db/workflows.ts";
import { MOST, scheduleList, webhookList, workflowList } from "../_data/queries.ts";
import { answer, Prefetched } from "../prefetched.tsx";
import { currentVisit } from "../visit.ts";
import { TriggersView } from "./triggers-view.tsx";

export const metadata: Metadata = { title: "Triggers" };

export default async function TriggersPage() {
  const { tenant } = await currentVisit();
  const page = { limit: MOST };
  const [webhooks, schedules, workflows] = await Promise.all([
    listWebhooks(tenant, page),
    listSchedules(tenant, page),
    listWorkflows(tenant, page),
  ]);
  return (
    <Prefetched
      answers={[
        answer(webhookList(), webhooks),
        answer(scheduleList(), { ...schedules, items: schedules.items.map(showSchedule) }),
        answer(workflowList(), workflows),
      ]}
    >
      <TriggersView />
    </Prefetched>
  );
}
