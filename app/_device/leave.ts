import { forgetInboxes } from "#/app/_device/kept-inbox.ts";
import { endPush } from "#/app/_device/push.ts";

/**
 * Leaves nothing for whoever has the device next: what was read is gone, and nothing is told any more. Decisions that were not sent yet stay, under whoever
 * has made them, and are sent when that person is back; nobody else is shown them.
 */
export async function leaveDevice(): Promise<void> {
  // A browser that keeps nothing has nothing to forget.
  await Promise.allSettled([forgetInboxes(), endPush()]);
}
