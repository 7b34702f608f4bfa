import { expect, test } from "vitest";
import { decodeCursor, encodeCursor } from "#/lib/cursor.ts";

test("a cursor comes back as it was", () => {
  const cursor = { key: "1764000000123456", id: "01890a5d-ac96-774b-bcce-b302099a8057" };
  expect(decodeCursor(encodeCursor(cursor))).toEqual(cursor);
});

test.each([
  "",
  "nonsense",
  "%",
  encodeCursor({ key: "1; drop table users", id: "x" }),
  encodeCursor({ key: "1", id: "not-an-id" }),
])("anything else is no cursor: %s", (text) => {
  expect(decodeCursor(text)).toBeUndefined();
});
