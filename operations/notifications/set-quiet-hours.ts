import { type QuietHoursChange, storeQuietHours } from "#/db/push.ts";
import { personBehind } from "#/lib/auth/principal.ts";
import { isTimeZone } from "#/lib/cron.ts";
import type { Input } from "#/lib/http/contract.ts";
import { type Refusal, refuse } from "#/lib/http/problem.ts";
import type { QuietHours as Minutes } from "#/lib/quiet-hours.ts";
import type { Caller } from "#/operations/caller.ts";
import type {
  Notifications,
  QuietHours,
  setQuietHoursContract,
} from "#/operations/notifications/contract.ts";
import { getNotifications } from "#/operations/notifications/get.ts";

/**
 * Sets when the devices of the person who acts are told nothing. Refuses with `invalid-request` for hours that are none, or an unknown time zone, and with
 * `settings-changed` when the stored hours are not those that it replaces.
 */
export async function setQuietHours(
  caller: Caller,
  { quietHours, replaces }: Input<typeof setQuietHoursContract>,
): Promise<Notifications | Refusal> {
  const problem = quietHours && findProblem(quietHours);
  if (problem) return problem;
  const change: QuietHoursChange = {
    quiet: quietHours && readMinutes(quietHours),
    ...(replaces !== undefined && { replaces: replaces && readMinutes(replaces) }),
  };
  await storeQuietHours(caller.tenant, personBehind(caller.principal), change);
  const now = await getNotifications(caller);
  // Without `replaces` the last one stays. Hours that somebody else has set to the same are as good as one's own.
  return replaces === undefined || isSame(now.quietHours, quietHours) ? now : tellOthers(now.quietHours);
}

function findProblem({ from, to, timeZone }: QuietHours): Refusal | undefined {
  if (!isTimeZone(timeZone))
    return wrong("timeZone", `“${timeZone}” is not a time zone such as Europe/Berlin`);
  return from === to ? wrong("to", "must be another time than from") : undefined;
}

const isSame = (one: QuietHours | null, other: QuietHours | null): boolean =>
  one?.from === other?.from && one?.to === other?.to && one?.timeZone === other?.timeZone;

function tellOthers(hours: QuietHours | null): Refusal {
  const now = hours ? `set to ${hours.from} to ${hours.to}, ${hours.timeZone}` : "taken away";
  return refuse(
    "settings-changed",
    `Quiet hours were ${now} since you read them. Nothing was changed. Save again to have yours instead.`,
  );
}

const readMinutes = ({ from, to, timeZone }: QuietHours): Minutes => ({
  from: readTime(from),
  to: readTime(to),
  timeZone,
});

function readTime(text: string): number {
  const [hours, minutes] = text.split(":").map(Number);
  return (hours ?? 0) * 60 + (minutes ?? 0);
}

const wrong = (field: string, message: string): Refusal =>
  refuse("invalid-request", "These quiet hours cannot be kept.", {
    errors: [{ path: `/quietHours/${field}`, message }],
  });
