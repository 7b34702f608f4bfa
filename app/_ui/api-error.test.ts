import { describe, expect, test } from "vitest";
import { describeError } from "#/app/_ui/api-error.ts";
import { ApiError } from "#/sdk/client/api-error.ts";

describe("a refusal of the API", () => {
  test.each([
    ["/name", "must have at most 120 characters", "Name must have at most 120 characters."],
    ["/input/topicName", "is missing", "Topic name is missing."],
    ["/steps/0", "must be text", "Steps must be text."],
    [
      "/cron",
      "“x” is not a cron expression. Use five fields.",
      "“x” is not a cron expression. Use five fields.",
    ],
    ["", "must be an object", "must be an object."],
  ])("is told without pointers: %s %s", (path, message, told) => {
    expect(
      describeError(new ApiError(422, { detail: "It does not fit.", errors: [{ path, message }] })),
    ).toBe(`It does not fit. ${told}`);
  });
});
