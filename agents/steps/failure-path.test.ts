import { expect, test } from "vitest";
import { describeItemFailure, describeRunFailure } from "#/agents/steps/failure-path.ts";

const refused = { code: "http-status", message: "GET https://a.test answered 500" };
const inRun = (name: string, why: { code: string; message: string }) => ({
  code: "child-failed",
  message: describeRunFailure(name, "failed", why),
});
const inItem = (item: number, why: { code: string; message: string }) => ({
  code: "item-failed",
  message: describeItemFailure(item, 3, why),
});

test("a failure says where it happened and why", () => {
  expect(inRun("Bill", refused).message).toBe(
    "The run of “Bill” ended as failed: GET https://a.test answered 500",
  );
  expect(describeRunFailure("Bill", "cancelled", null)).toBe("The run of “Bill” ended as cancelled.");
  expect(inItem(2, refused).message).toBe("Item 2 of 3 failed: GET https://a.test answered 500");
});

test("a failure many runs deep is said once, with the way to it and how the innermost has ended", () => {
  const late = {
    code: "child-failed",
    message: describeRunFailure("Post: again", "timed_out", {
      code: "timeout",
      message: "It took too long.",
    }),
  };
  const deep = ["F", "E", "D", "C", "B", "A"].reduce((why, name) => inRun(name, why), late);
  expect(deep.message).toBe(
    "The run of “A” → “B” → “C” → “D” → “E” → “F” → “Post: again” ended as timed_out: It took too long.",
  );
  const silent = { code: "child-failed", message: describeRunFailure("Pay", "cancelled", null) };
  expect(inRun("Bill", silent).message).toBe("The run of “Bill” → “Pay” ended as cancelled.");
});

test("items of maps are on the way", () => {
  expect(inRun("A", inItem(2, inRun("B", refused))).message).toBe(
    "The run of “A” → item 2 of 3 → “B” ended as failed: GET https://a.test answered 500",
  );
  expect(inItem(1, inItem(3, refused)).message).toBe(
    "Item 1 of 3 → item 3 of 3 failed: GET https://a.test answered 500",
  );
});

test("what somebody else has said in such words is a reason and no way", () => {
  const quoted = { code: "http-status", message: "The run of “B” ended as failed: no" };
  expect(inRun("A", quoted).message).toBe(
    "The run of “A” ended as failed: The run of “B” ended as failed: no",
  );
});
