import { expect, test, vi } from "vitest";
import { answerUnexpected } from "#/lib/http/guard.ts";

vi.mock("#/lib/observe/report.ts", () => ({ reportError: async () => undefined }));

const answerTo = (code: string | undefined) =>
  answerUnexpected(
    Object.assign(new Error("failed"), code === undefined ? {} : { code }),
    new Request("http://app.test/api/v1/runs"),
  );

test.each(["40P01", "40001", "55P03", "53300", "57P03", "ECONNREFUSED"])(
  "what passes by itself is 503 and says when to come back (%s)",
  async (code) => {
    const answer = await answerTo(code);
    expect(answer.status).toBe(503);
    expect(answer.headers.get("Retry-After")).toBe("1");
    expect(await answer.json()).toMatchObject({ code: "unavailable" });
  },
);

test.each(["22P02", "ENOENT", undefined])(
  "what nobody expected is 500, with the id under which it is in the log (%s)",
  async (code) => {
    const answer = await answerTo(code);
    expect(answer.status).toBe(500);
    expect(await answer.json()).toMatchObject({
      code: "internal",
      instance: expect.stringContaining("urn:uuid:"),
    });
  },
);
