import type { ApprovalSubject } from "#/agents/vocabulary/approval.ts";
import { describeError } from "#/app/_ui/api-error.ts";
import { api } from "#/app/_ui/api.ts";
import type { MadeDecision } from "#/app/_ui/decision-draft.ts";
import { ApiError } from "#/sdk/client/api-error.ts";
import { readRows, removeRow, storeRow } from "#/app/_device/device-store.ts";

/** A decision that could not be sent when it was made. */
export interface QueuedDecision {
  /** Its idempotency key: however often it is sent, it is made once. */
  readonly id: string;
  /** The person and the workspace, as `ownerOf` names them: it is sent as nobody else. */
  readonly owner: string;
  readonly approvalId: string;
  /** The question, for people to know it by. */
  readonly title: string;
  /** Without it, it was made before questions said what they are about. */
  readonly subject?: ApprovalSubject;
  readonly decision: MadeDecision;
  /** In epoch milliseconds. */
  readonly madeAt: number;
  /** The reason why it was not taken. It stays until the person has read it. */
  readonly refusal?: string;
}

const CHANNEL = "cairn-decisions";

/** Tells every page of this device, the one that speaks included, that the queue is another now. */
function tellPages(): void {
  const channel = new BroadcastChannel(CHANNEL);
  // A channel has no target: it is between pages of one origin.
  // oxlint-disable-next-line unicorn/require-post-message-target-origin
  channel.postMessage("changed");
  channel.close();
}

/** Listens to changes of the queue. @returns what ends the listening */
export function watchQueue(onChange: () => void): () => void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.addEventListener("message", onChange);
  return () => channel.close();
}

/** The decisions of a person that have not been taken, in the order in which they were made. */
export async function listQueued(owner: string): Promise<readonly QueuedDecision[]> {
  const rows = (await readRows("decisions")).filter(isQueued);
  return rows.filter((row) => row.owner === owner).toSorted((a, b) => a.madeAt - b.madeAt);
}

function isQueued(row: unknown): row is QueuedDecision {
  return typeof row === "object" && row !== null && "owner" in row && "approvalId" in row && "madeAt" in row;
}

export async function queueDecision(decision: QueuedDecision): Promise<void> {
  await storeRow("decisions", decision);
  tellPages();
}

/** Takes a decision out of the queue: it was taken, or its refusal was read. */
export async function dropDecision(id: string): Promise<void> {
  await removeRow("decisions", id);
  tellPages();
}

/** Sends a decision, under a key of its own so that sending it again changes nothing. @throws ApiError */
export const sendDecision = ({ id, approvalId, decision }: QueuedDecision) =>
  api("POST /api/v1/approvals/{id}/decision", {
    path: { id: approvalId },
    body: decision,
    idempotencyKey: id,
  });

/** Returns whether it is only for now that nobody can tell what becomes of a request: no network, no session, too busy, broken down. */
const isPassing = (error: unknown): boolean =>
  !(error instanceof ApiError) || error.status === 401 || error.status === 429 || error.status >= 500;

/**
 * Sends what waits, one after the other, from one page of the device at a time. What is refused for good stays, with the reason.
 * @returns the decisions that were taken, and those that were refused
 */
export async function sendQueued(
  owner: string,
): Promise<{ readonly taken: readonly QueuedDecision[]; readonly refused: readonly QueuedDecision[] }> {
  const taken: QueuedDecision[] = [];
  const refused: QueuedDecision[] = [];
  await navigator.locks.request(CHANNEL, async () => {
    for (const decision of await listQueued(owner)) {
      if (decision.refusal !== undefined) continue;
      const refusal = await refuseSending(decision);
      if (refusal === "later") return;
      if (refusal === undefined) taken.push(decision);
      else refused.push({ ...decision, refusal });
      await (refusal === undefined ? dropDecision(decision.id) : queueDecision({ ...decision, refusal }));
    }
  });
  return { taken, refused };
}

/** Sends one decision. @returns why it was not taken, or that it is to be tried again later */
async function refuseSending(decision: QueuedDecision): Promise<string | undefined> {
  try {
    await sendDecision(decision);
    return undefined;
  } catch (error) {
    return isPassing(error) ? "later" : describeError(error);
  }
}
