"use client";
import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { PageHeader } from "#/app/_ui/page-header.tsx";
import { Tabs } from "#/app/_ui/tabs.tsx";
import { useWorkspace } from "../_shell/workspace-context.tsx";
import { ScheduleList } from "./schedule-list.tsx";
import { WebhookList } from "./webhook-list.tsx";

/** Lists what starts runs by itself. */
export function TriggersView() {
  const { isPlain } = useWorkspace();
  return (
    <>
      <PageHeader
        title="Triggers"
        description="Start workflows automatically: by signed calls from other systems, or on a schedule."
      />
      {isPlain ? (
        <div className="flex flex-col gap-5">
          <WebhookList />
          <ScheduleList />
        </div>
      ) : (
        <TriggerTabs />
      )}
    </>
  );
}

function TriggerTabs() {
  const router = useRouter();
  const pathname = usePathname();
  const tab = useSearchParams().get("tab") === "schedules" ? "schedules" : "webhooks";
  return (
    <Tabs
      label="Trigger types"
      value={tab}
      onChange={(value) => router.replace(`${pathname}?tab=${value}`, { scroll: false })}
      tabs={[
        { value: "webhooks", label: "Webhooks", content: <WebhookList /> },
        { value: "schedules", label: "Schedules", content: <ScheduleList /> },
      ]}
    />
  );
}
