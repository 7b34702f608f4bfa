import { findDevice } from "#/db/push.ts";
import { getWorkspace } from "#/db/workspaces.ts";
import { personBehind } from "#/lib/auth/principal.ts";
import type { Input } from "#/lib/http/contract.ts";
import { notFound, type Refusal, refuse } from "#/lib/http/problem.ts";
import { type PushOutcome, sendPush } from "#/lib/push/send.ts";
import type { Caller } from "#/operations/caller.ts";
import type { testDeviceContract } from "#/operations/notifications/contract.ts";
import { writeTest } from "#/operations/notifications/message.ts";
import { inboxOf, pushPorts } from "#/operations/notifications/push-ports.ts";
import { settle } from "#/operations/notifications/tell.ts";

/**
 * Sends a message to a device of the person who acts, whatever the hour, and says what has become of it. Refuses with `not-found`, and with `unavailable`
 * where the deployment has no key.
 */
export async function testDevice(
  { tenant, principal }: Caller,
  { id }: Input<typeof testDeviceContract>,
): Promise<{ readonly isDelivered: boolean; readonly problem: string | null } | Refusal> {
  const ports = pushPorts();
  if (ports === undefined)
    return refuse("unavailable", "This deployment sends no notifications: VAPID_PRIVATE_KEY is not set.");
  const device = await findDevice(tenant, personBehind(principal), id);
  if (!device) return notFound("device");
  const workspace = await getWorkspace(tenant);
  const outcome = await sendPush(ports, device, writeTest(inboxOf(workspace?.slug ?? "")));
  await settle(tenant, id, outcome);
  return { isDelivered: outcome.kind === "delivered", problem: explain(outcome) };
}

function explain(outcome: PushOutcome): string | null {
  if (outcome.kind === "delivered") return null;
  return outcome.kind === "gone"
    ? "The browser has ended its subscription. Turn notifications on again on that device."
    : outcome.why;
}
