"use client";
import { Trash2 } from "#/app/_ui/icons.tsx";
import { describeError } from "#/app/_ui/api-error.ts";
import { Button } from "#/app/_ui/button.tsx";
import { RelativeTime } from "#/app/_ui/time.tsx";
import { toast } from "#/app/_ui/toast.ts";
import { ownerOf } from "#/app/_device/kept-inbox.ts";
import type { Device } from "#/operations/notifications/contract.ts";
import { useRemoveDevice, useTestDevice } from "../../_data/notifications.ts";
import { useWorkspace } from "../../_shell/workspace-context.tsx";

/** The devices that are told, each with the way to try it and to remove it. */
export function DeviceList({ devices }: { readonly devices: readonly Device[] }) {
  return (
    <ul aria-label="Devices that are told" className="divide-y divide-border">
      {devices.map((device) => (
        <DeviceLine key={device.id} device={device} />
      ))}
    </ul>
  );
}

function DeviceLine({ device }: { readonly device: Device }) {
  const remove = useRemoveDevice(ownerOf(useWorkspace()));
  const test = useTestDevice();
  const send = () =>
    test.mutate(device.id, {
      onSuccess: ({ isDelivered, problem }) =>
        isDelivered
          ? toast.success(`Sent to ${device.name}.`)
          : toast.error(problem ?? "It was not delivered."),
      onError: (error) => toast.error(describeError(error)),
    });
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-3 gap-y-2 px-4 py-2.5">
      <div className="min-w-0">
        <p className="truncate font-medium">{device.name}</p>
        <p className="text-xs break-words text-muted-foreground">
          {device.deliveredAt === null ? (
            <>
              Since <RelativeTime at={device.createdAt} />, by {device.service}
            </>
          ) : (
            <>
              Told <RelativeTime at={device.deliveredAt} />, by {device.service}
            </>
          )}
        </p>
        {device.problem !== null && (
          <p className="text-xs break-words text-bad">Last message not delivered: {device.problem}</p>
        )}
      </div>
      <div className="flex gap-2">
        <Button pending={test.isPending} onClick={send}>
          Send a test
        </Button>
        <Button
          variant="ghost"
          aria-label={`Remove ${device.name}`}
          pending={remove.isPending}
          onClick={() => remove.mutate(device.id)}
        >
          <Trash2 aria-hidden />
        </Button>
      </div>
    </li>
  );
}
