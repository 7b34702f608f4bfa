import "server-only";
import { cookies } from "next/headers";
import { listApprovals } from "#/operations/approvals/list.ts";
import type { Caller } from "#/operations/caller.ts";
import { listConnections } from "#/operations/connections/list.ts";
import { listRuns } from "#/operations/runs/list.ts";
import { listSchedules } from "#/operations/schedules/list.ts";
import { listWebhooks } from "#/operations/webhooks/list.ts";
import {
  approvalList,
  LOOKED_THROUGH,
  MOST,
  scheduleList,
  startedRuns,
  webhookList,
} from "./_data/queries.ts";
import { connectionList } from "./_data/connections.ts";
import { answer, type Answered } from "./prefetched.tsx";
import { DISMISSED_STEPS, readDismissed } from "./_first-steps/dismissed-steps.ts";

/** Reads what the first steps of a workspace tick themselves from; undefined where this browser has put them away. */
export async function readFirstSteps(caller: Caller): Promise<readonly Answered[] | undefined> {
  const dismissed = readDismissed((await cookies()).get(DISMISSED_STEPS)?.value);
  if (dismissed.includes(caller.tenant.workspaceId)) return undefined;
  const [open, decided, webhooks, schedules, called, scheduled, connections] = await Promise.all([
    listApprovals(caller, { status: "open", limit: MOST }),
    listApprovals(caller, { status: "decided", limit: MOST }),
    listWebhooks(caller, { limit: MOST }),
    listSchedules(caller, { limit: MOST }),
    listRuns(caller, { trigger: "webhook", limit: LOOKED_THROUGH }),
    listRuns(caller, { trigger: "schedule", limit: LOOKED_THROUGH }),
    listConnections(caller),
  ]);
  return [
    answer(approvalList("open"), open),
    answer(approvalList("decided"), decided),
    answer(webhookList(), webhooks),
    answer(scheduleList(), schedules),
    answer(startedRuns("webhook"), called),
    answer(startedRuns("schedule"), scheduled),
    answer(connectionList(), connections),
  ];
}
