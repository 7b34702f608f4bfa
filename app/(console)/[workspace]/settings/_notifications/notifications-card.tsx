"use client";
import { Card, CardHeader } from "#/app/_ui/card.tsx";
import { LoadProblem } from "#/app/_ui/load-problem.tsx";
import { SkeletonRows } from "#/app/_ui/skeleton.tsx";
import { useNotifications } from "../../_data/notifications.ts";
import { DeviceList } from "./device-list.tsx";
import { QuietHoursForm } from "./quiet-hours-form.tsx";
import { ThisDevice } from "./this-device.tsx";

/** The person's own devices: which of them are told when a question waits, and when none is. */
export function NotificationsCard() {
  const { data, error, isPending, refetch } = useNotifications();
  return (
    <Card id="notifications" aria-label="Notifications">
      <CardHeader
        title="Notifications"
        description="Your devices are told when a question waits for you. Only you see this."
      />
      {isPending && <SkeletonRows rows={3} />}
      {!isPending && !data && (
        <LoadProblem what="notifications" error={error} onRetry={() => void refetch()} />
      )}
      {data && (
        <div className="divide-y divide-border">
          <ThisDevice notifications={data} />
          {data.devices.length > 0 && <DeviceList devices={data.devices} />}
          <QuietHoursForm stored={data.quietHours} />
        </div>
      )}
    </Card>
  );
}
