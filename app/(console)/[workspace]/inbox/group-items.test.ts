import { expect, test } from "vitest";
import type { InboxItem } from "#/operations/inbox/contract.ts";
import { groupItems } from "./group-items.ts";

const question = (id: string, refusal: string | null) => ({ kind: "question", id, refusal }) as InboxItem;
const failure = (id: string) => ({ kind: "failure", id }) as InboxItem;

test("what the reader may answer stands first, then failed runs, then what others have to answer, each in its order", () => {
  const items = [
    failure("f1"),
    question("mine1", null),
    question("theirs", "Somebody else has to."),
    failure("f2"),
    question("mine2", null),
  ];
  expect(groupItems(items).map(({ title, items: of }) => [title, of.map(({ id }) => id)])).toEqual([
    ["Waiting for you", ["mine1", "mine2"]],
    ["Failed runs", ["f1", "f2"]],
    ["Waiting for others", ["theirs"]],
  ]);
});

test("a group without an item is none", () => {
  expect(groupItems([failure("f")]).map(({ title }) => title)).toEqual(["Failed runs"]);
  expect(groupItems([])).toEqual([]);
});
