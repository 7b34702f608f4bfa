import { expect, test } from "vitest";
import { pickQuery } from "#/app/_ui/pick-query.ts";

test("what was written counts until the router tells it, also while it tells what was written before", () => {
  const written = ["", "at=1", "at=2"];
  expect(pickQuery(written, "")).toBe("at=2");
  expect(pickQuery(written, "at=1")).toBe("at=2");
  expect(pickQuery(written, "at=2")).toBe("at=2");
});

test("an address that was not written here counts at once", () => {
  expect(pickQuery(["", "at=1"], "at=7&tab=logs")).toBe("at=7&tab=logs");
  expect(pickQuery([], "at=7")).toBe("at=7");
});
