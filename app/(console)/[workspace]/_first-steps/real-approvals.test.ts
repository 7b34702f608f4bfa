import { expect, test } from "vitest";
import { hasLetGoOn } from "./real-approvals.ts";

test.each([
  [{ try: false, action: "approve" }, true],
  [{ try: false, action: "edit" }, true],
  [{ try: false, action: "reject" }, false],
  [{ try: false, action: null }, false],
  // Whoever tries a draft has not yet approved the run that waits.
  [{ try: true, action: "approve" }, false],
  [{ try: true, action: "edit" }, false],
])("“Approve the run waiting for you” is done by %j: %s", (approval, done) => {
  expect(hasLetGoOn(approval)).toBe(done);
});
