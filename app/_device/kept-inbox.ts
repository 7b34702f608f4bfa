import type { Answer } from "#/sdk/client/routes.ts";
import type { Workspace } from "#/app/(console)/[workspace]/_shell/workspace-context.tsx";
import { clearRows, readRows, storeRow } from "#/app/_device/device-store.ts";

type InboxPage = Answer<"GET /api/v1/inbox">;

/** The inbox as a person has last seen it on this device. */
export interface KeptInbox {
  /** Names the person and the workspace. */
  readonly owner: string;
  readonly workspace: Workspace;
  readonly inbox: InboxPage;
  /** In epoch milliseconds. */
  readonly at: number;
}

/** Names whose a row of this device is. */
export const ownerOf = ({ id, personId }: Pick<Workspace, "id" | "personId">): string => `${personId} ${id}`;

/** Keeps the inbox, the only one on the device: nobody finds what another has read. */
export async function keepInbox(workspace: Workspace, inbox: InboxPage, at: number): Promise<void> {
  const owner = ownerOf(workspace);
  if ((await readInboxes()).some((kept) => kept.owner !== owner)) await forgetInboxes();
  await storeRow("inboxes", { owner, workspace, inbox, at } satisfies KeptInbox);
}

/** Reads the inbox that was kept last; undefined where nobody has been here, or whoever was has signed out. */
export async function readKeptInbox(): Promise<KeptInbox | undefined> {
  return (await readInboxes()).toSorted((a, b) => b.at - a.at)[0];
}

export const forgetInboxes = (): Promise<void> => clearRows("inboxes");

async function readInboxes(): Promise<readonly KeptInbox[]> {
  return (await readRows("inboxes")).filter(isKeptInbox);
}

/** Rows of an earlier build may look otherwise; they are as good as none. */
function isKeptInbox(row: unknown): row is KeptInbox {
  return (
    typeof row === "object" &&
    row !== null &&
    "owner" in row &&
    "workspace" in row &&
    "inbox" in row &&
    "at" in row &&
    typeof row.at === "number"
  );
}
