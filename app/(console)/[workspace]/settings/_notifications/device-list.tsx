"use client";
import { Trash2 } from "#/app/_ui/icons.tsx";
import { describeError } from "#/app/_ui/api-error.ts";
import { Button } from "#/app/_ui/button.tsx";
import { RelativeTime } from "#/app/_ui/time.tsx";
import { toast } from "#/app/_ui/toast.ts";
import { ownerOf } from "#/app/_device/kept-inbox.ts";
import type { Device } from "#/operations/notifications/contract.ts";
import { useForgetDevice, useTestDevice } from "../../_data/notifications.ts";
import { FormWindow } from "../../_form/form-window.tsx";
import { useWorkspace } from "../../_shell/workspace-context.tsx";
import { removeDevice } from "../actions.ts";

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
  const { isPlain } = useWorkspace();
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
      <div className="flex flex-wrap items-center gap-2">
        {!isPlain && <TestDevice device={device} />}
        <RemoveDevice device={device} />
      </div>
    </li>
  );
}

function TestDevice({ device: { id, name } }: { readonly device: Device }) {
  const test = useTestDevice();
  const send = () =>
    test.mutate(id, {
      onSuccess: ({ isDelivered, problem }) =>
        isDelivered ? toast.success(`Sent to ${name}.`) : toast.error(problem ?? "It was not delivered."),
      onError: (error) => toast.error(describeError(error)),
    });
  return (
    <Button pending={test.isPending} onClick={send}>
      Send a test
    </Button>
  );
}

/** Removes a device after a second look. */
function RemoveDevice({ device: { id, name } }: { readonly device: Device }) {
  const forget = useForgetDevice(ownerOf(useWorkspace()));
  return (
    <FormWindow
      button={{ variant: "ghost", "aria-label": `Remove ${name}`, children: <Trash2 aria-hidden /> }}
      action={removeDevice}
      place={`settings#device-${id}`}
      fixed={{ id }}
      title={`Remove ${name}?`}
      description="It is told nothing any more. Whoever uses it can turn notifications on again there."
      submit="Remove"
      isDangerous
      done="Device removed"
      onDone={() => {
        toast.success(`${name} removed`);
        return forget(id);
      }}
    />
  );
}
