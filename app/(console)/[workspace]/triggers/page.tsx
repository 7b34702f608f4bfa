import type { Metadata } from "next";
import { listSchedules } from "#/operations/schedules/list.ts";
import { listWebhooks } from "#/operations/webhooks/list.ts";
import { listWorkflows } from "#/operations/workflows/list.ts";
import { MOST, scheduleList, webhookList, workflowList } from "../_data/queries.ts";
import { PlainTwin } from "../_form/plain-twin.tsx";
import { answer, Prefetched } from "../prefetched.tsx";
import { currentVisit } from "../visit.ts";
import { TriggersView } from "./triggers-view.tsx";

export const metadata: Metadata = { title: "Triggers" };

export default async function TriggersPage() {
  const { caller } = await currentVisit();
  const page = { limit: MOST };
  const [webhooks, schedules, workflows] = await Promise.all([
    listWebhooks(caller, page),
    listSchedules(caller, page),
    listWorkflows(caller, page),
  ]);
  return (
    <Prefetched
      answers={[
        answer(webhookList(), webhooks),
        answer(scheduleList(), schedules),
        answer(workflowList(), workflows),
      ]}
    >
      <PlainTwin page="triggers" />
      <TriggersView />
    </Prefetched>
  );
}
