import type { InboxItem } from "#/operations/inbox/contract.ts";

/** Items that have the same in common: the reader may answer them, their runs failed, or somebody else has to answer. */
export interface ItemGroup {
  readonly title: string;
  readonly items: readonly InboxItem[];
}

const GROUPS: readonly { readonly title: string; readonly has: (item: InboxItem) => boolean }[] = [
  { title: "Waiting for you", has: (item) => item.kind === "question" && item.refusal === null },
  { title: "Failed runs", has: (item) => item.kind === "failure" },
  { title: "Waiting for others", has: (item) => item.kind === "question" && item.refusal !== null },
];

/** Groups items by who has to act, those of the reader first. Groups without an item are left out, and items keep their order. */
export const groupItems = (items: readonly InboxItem[]): readonly ItemGroup[] =>
  GROUPS.map(({ title, has }) => ({ title, items: items.filter(has) })).filter(
    (group) => group.items.length > 0,
  );
