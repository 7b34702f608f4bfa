import "server-only";
import { database, type Tenant } from "#/db/client.ts";
import {
  findWorkspacesToTell,
  noteDelivery,
  readToTell,
  removeDevice,
  takeDeliveries,
  tellAgain,
} from "#/db/push.ts";
import { log } from "#/lib/observe/log.ts";
import { type PushOutcome, type PushPorts, sendPush } from "#/lib/push/send.ts";
import { writeQuestions } from "#/operations/notifications/message.ts";
import { planTelling, type Telling } from "#/operations/notifications/plan-telling.ts";
import { inboxOf, pushPorts } from "#/operations/notifications/push-ports.ts";

const WORKSPACES_A_TICK = 100;
/** Messages under way at a time. */
const AT_A_TIME = 10;
/** Nothing is begun later than this; what is left is told by the next tick. */
const LONGEST_MS = 15_000;
const MOST_TRIES = 5;
/** Before the second try, and twice as long before each that follows. */
const FIRST_WAIT_MS = 30_000;
const LONGEST_WAIT_MS = 60 * 60_000;

/** Tells devices of the questions that wait for their people, in all workspaces. Never throws: what was not told now is told by the next tick. */
export async function tellEverybody(): Promise<void> {
  if (pushPorts() === undefined) return;
  try {
    const until = Date.now() + LONGEST_MS;
    for (const workspaceId of await findWorkspacesToTell(database().system, WORKSPACES_A_TICK))
      await tellWorkspace(workspaceId, until);
  } catch (error) {
    log.error({ err: error }, "Devices could not be told of questions; it is tried again at the next tick.");
  }
}

/** Tellings that were begun in this process. */
const underWay = new Set<Promise<void>>();

/** Begins to tell the people of a workspace of a question that was asked just now. Whoever has asked it does not wait. */
export function tellSoon(workspaceId: string): void {
  if (pushPorts() === undefined) return;
  const telling = tellWorkspace(workspaceId, Date.now() + LONGEST_MS)
    .catch((error: unknown) => log.warn({ err: error, workspaceId }, "A question is told by the next tick."))
    .finally(() => underWay.delete(telling));
  underWay.add(telling);
}

/** Waits for what was begun: a function that has answered is frozen. */
export const whenTold = (): Promise<unknown> => Promise.all(underWay);

/** @param until no message is begun after it, in epoch milliseconds */
async function tellWorkspace(workspaceId: string, until: number): Promise<void> {
  const ports = pushPorts();
  if (ports === undefined || Date.now() > until) return;
  const tenant = database().tenant({ workspaceId });
  const toTell = await readToTell(tenant);
  const plan = [...planTelling(toTell, ports.now())];
  const inbox = inboxOf(toTell.slug);
  while (plan.length > 0 && Date.now() <= until)
    await Promise.all(
      plan.splice(0, AT_A_TIME).map((telling) => tellDevice({ ports, tenant, inbox }, telling)),
    );
}

interface Place {
  readonly ports: PushPorts;
  readonly tenant: Tenant;
  readonly inbox: string;
}

async function tellDevice(
  { ports, tenant, inbox }: Place,
  { listener, questions, waiting, tries }: Telling,
): Promise<void> {
  const taken = new Set(
    await takeDeliveries(
      tenant,
      listener.id,
      questions.map(({ id }) => id),
    ),
  );
  const ours = questions.filter(({ id }) => taken.has(id));
  if (ours.length === 0) return;
  const outcome = await sendPush(ports, listener, writeQuestions({ questions: ours, waiting, inbox }));
  await settle(tenant, listener.id, outcome);
  if (outcome.kind === "later" && tries + 1 < MOST_TRIES)
    await tellAgain(tenant, listener.id, {
      approvalIds: [...taken],
      afterMs: outcome.afterMs ?? Math.min(FIRST_WAIT_MS * 2 ** tries, LONGEST_WAIT_MS),
    });
}

/** Writes down how a message to a device has ended. One whose browser takes none any more is removed. */
export async function settle(tenant: Tenant, deviceId: string, outcome: PushOutcome): Promise<void> {
  if (outcome.kind === "gone") await removeDevice(tenant, deviceId);
  else await noteDelivery(tenant, deviceId, outcome.kind === "delivered" ? null : outcome.why);
}
