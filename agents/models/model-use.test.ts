import { expect, test } from "vitest";
import { addUse } from "#/agents/models/model-use.ts";

test("a sum says that it is an estimate when either part is one", () => {
  const counted = { model: "m", inputTokens: 1, outputTokens: 2, costUsd: 0.5 };
  const estimated = { ...counted, model: "m (tokens estimated)" };
  const sum = { inputTokens: 2, outputTokens: 4, costUsd: 1 };
  expect(addUse(estimated, counted)).toEqual({ model: "m (tokens estimated)", ...sum });
  expect(addUse(counted, estimated)).toEqual({ model: "m (tokens estimated)", ...sum });
  expect(addUse(counted, counted)).toEqual({ model: "m", ...sum });
});
