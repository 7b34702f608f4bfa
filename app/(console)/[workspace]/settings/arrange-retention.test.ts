import { expect, test } from "vitest";
import { arrangeRetention } from "./arrange-retention.ts";

test("only the days that somebody changed are sent", () => {
  const shown = { "shown.runs": ["90"], "shown.logs": ["30"] };
  expect(arrangeRetention({ retention: { runs: 90, logs: 20 }, ...shown })).toEqual({
    retention: { logs: 20 },
  });
  expect(arrangeRetention({ retention: { runs: "for ever" }, ...shown })).toEqual({
    retention: { runs: "for ever" },
  });
  expect(arrangeRetention({})).toEqual({});
});
