"use client";
import { describeError } from "#/app/_ui/api-error.ts";
import { Button } from "#/app/_ui/button.tsx";
import { toast } from "#/app/_ui/toast.ts";
import { useHydrated } from "#/app/_ui/use-hydrated.ts";
import { ownerOf } from "#/app/_device/kept-inbox.ts";
import { type PushAbility, readAbility, readThisDevice } from "#/app/_device/push.ts";
import type { Notifications } from "#/operations/notifications/contract.ts";
import { useRemoveDevice, useTurnOn } from "../../_data/notifications.ts";
import { useWorkspace } from "../../_shell/workspace-context.tsx";

const REASONS: Readonly<Record<Exclude<PushAbility, "able">, string>> = {
  blocked: "Notifications are blocked here. Allow them for this site in the browser’s settings, then reload.",
  "not-installed":
    "On an iPhone or iPad add Cairn to the home screen first: Share, then Add to Home Screen. Open it from there and come back to this page.",
  unable: "This browser cannot be notified. Use another one, or another device.",
};
const NO_KEY =
  "This deployment sends no notifications yet. Whoever operates it sets VAPID_PRIVATE_KEY; npm run setup makes one.";
const NO_SCRIPTS = "Turning notifications on or off for this device takes JavaScript.";

/** Turns notifications on and off in the browser that shows it, or says why that is not possible. */
export function ThisDevice({
  notifications: { publicKey, devices },
}: {
  readonly notifications: Notifications;
}) {
  const workspace = useWorkspace();
  const owner = ownerOf(workspace);
  const on = useTurnOn(owner);
  const off = useRemoveDevice(owner);
  const isHydrated = useHydrated();
  if (workspace.isPlain) return <Words>{publicKey === null ? NO_KEY : NO_SCRIPTS}</Words>;
  if (!isHydrated) return null;
  const ability = readAbility();
  const mine = devices.find(({ id }) => id === readThisDevice(owner)?.id);
  const problem = on.error ?? off.error;
  if (publicKey === null) return <Words>{NO_KEY}</Words>;
  if (ability !== "able") return <Words>{REASONS[ability]}</Words>;
  const turnOn = () =>
    on.mutate(publicKey, {
      onSuccess: (isAllowed) =>
        isAllowed ? toast.success("This device is told from now on.") : toast.message(REASONS.blocked),
    });
  return (
    <div className="flex flex-col gap-2 p-4">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p>{mine ? "This device is told." : "This device is not told."}</p>
        {mine ? (
          <Button pending={off.isPending} onClick={() => off.mutate(mine.id)}>
            Turn off
          </Button>
        ) : (
          <Button pending={on.isPending} onClick={turnOn}>
            Turn on for this device
          </Button>
        )}
      </div>
      {problem && (
        <p role="alert" className="text-sm text-bad">
          {describeError(problem)}
        </p>
      )}
    </div>
  );
}

const Words = ({ children }: { readonly children: string }) => (
  <p className="p-4 text-muted-foreground">{children}</p>
);
