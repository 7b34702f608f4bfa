import { expect, test } from "vitest";
import { DISMISSED_STEPS, readDismissed, writeDismissed, writeShown } from "./dismissed-steps.ts";

const valueOf = (cookie: string) => new RegExp(`^${DISMISSED_STEPS}=([^;]*);`).exec(cookie)?.[1];

test("a workspace whose first steps were put away is found again, once", () => {
  const once = readDismissed(valueOf(writeDismissed([], "a")));
  expect(once).toEqual(["a"]);
  expect(readDismissed(valueOf(writeDismissed(["a", "b"], "a")))).toEqual(["b", "a"]);
});

test("a browser without the cookie has put nothing away", () => {
  expect(readDismissed(undefined)).toEqual([]);
  expect(readDismissed("")).toEqual([]);
});

test("the cookie of somebody with hundreds of workspaces stays one that a browser keeps", () => {
  let ids: readonly string[] = [];
  for (let made = 0; made < 300; made += 1)
    ids = readDismissed(valueOf(writeDismissed(ids, crypto.randomUUID())));
  expect(writeDismissed(ids, crypto.randomUUID()).length).toBeLessThan(4_000);
  expect(ids).toHaveLength(50);
});

test("a workspace whose first steps are shown again is named no more, and others still are", () => {
  expect(readDismissed(valueOf(writeShown(["a", "b"], "a")))).toEqual(["b"]);
  expect(readDismissed(valueOf(writeShown(["a"], "a")))).toEqual([]);
});
