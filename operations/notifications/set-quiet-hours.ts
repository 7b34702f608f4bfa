import { storeQuietHours } from "#/db/push.ts";
import { personBehind } from "#/lib/auth/principal.ts";
import { isTimeZone } from "#/lib/cron.ts";
import type { Input } from "#/lib/http/contract.ts";
import { type Refusal, refuse } from "#/lib/http/problem.ts";
import type { Caller } from "#/operations/caller.ts";
import type { Notifications, setQuietHoursContract } from "#/operations/notifications/contract.ts";
import { getNotifications } from "#/operations/notifications/get.ts";

/** Sets when the devices of the person who acts are told nothing. Refuses with `invalid-request` for hours that are none, or an unknown time zone. */
export async function setQuietHours(
  caller: Caller,
  { quietHours }: Input<typeof setQuietHoursContract>,
): Promise<Notifications | Refusal> {
  const userId = personBehind(caller.principal);
  if (quietHours === null) {
    await storeQuietHours(caller.tenant, userId, null);
    return getNotifications(caller);
  }
  const { from, to, timeZone } = quietHours;
  if (!isTimeZone(timeZone))
    return wrong("timeZone", `“${timeZone}” is not a time zone such as Europe/Berlin`);
  if (from === to) return wrong("to", "must be another time than from");
  await storeQuietHours(caller.tenant, userId, { from: readTime(from), to: readTime(to), timeZone });
  return getNotifications(caller);
}

function readTime(text: string): number {
  const [hours, minutes] = text.split(":").map(Number);
  return (hours ?? 0) * 60 + (minutes ?? 0);
}

const wrong = (field: string, message: string): Refusal =>
  refuse("invalid-request", "These quiet hours cannot be kept.", {
    errors: [{ path: `/quietHours/${field}`, message }],
  });
