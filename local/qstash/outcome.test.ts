import { describe, expect, test } from "vitest";
import { readMessage } from "#/local/qstash/message.ts";
import { decideOutcome } from "#/local/qstash/outcome.ts";

const NOW = Date.parse("2026-06-01T00:00:00Z");
const message = readMessage(
  { "upstash-retries": "2", "upstash-retry-delay": "100 * (1 + retried)" },
  Buffer.alloc(0),
  { url: "http://x.test/" },
);
const answer = (status: number, headers: Record<string, string[]> = {}) => ({
  status,
  headers,
  body: Buffer.alloc(0),
});
const dueIn = (headers: Record<string, string[]>) => {
  const outcome = decideOutcome(message, answer(503, headers), NOW);
  return outcome.kind === "retry" ? outcome.message.dueAt - NOW : outcome.kind;
};

describe("an attempt", () => {
  test("with a status of 2xx delivered the message", () => {
    expect(decideOutcome(message, answer(204), NOW)).toEqual({ kind: "delivered" });
  });

  test("that failed is repeated after the message's own delay", () => {
    const outcome = decideOutcome({ ...message, retried: 1 }, answer(0), NOW);
    expect(outcome).toMatchObject({ kind: "retry", message: { retried: 2, dueAt: NOW + 200 } });
  });

  test("after the last retry makes a dead letter", () => {
    expect(decideOutcome({ ...message, retried: 2 }, answer(500), NOW)).toEqual({ kind: "dead" });
  });

  test("that must not be repeated makes a dead letter at once", () => {
    expect(decideOutcome(message, answer(489, { "upstash-nonretryable-error": ["true"] }), NOW)).toEqual({
      kind: "dead",
    });
    expect(decideOutcome(message, answer(489), NOW)).toMatchObject({ kind: "retry" });
  });

  test("can ask for the wait in seconds, as a duration or as a date", () => {
    expect(dueIn({ "retry-after": ["7"] })).toBe(7_000);
    expect(dueIn({ "x-ratelimit-reset-requests": ["1m30s"] })).toBe(90_000);
    expect(dueIn({ "retry-after": ["Mon, 01 Jun 2026 00:00:05 GMT"] })).toBe(5_000);
  });

  test("cannot ask for an insane wait", () => {
    for (const value of ["100000", "Mon, 01 Jun 2020 00:00:05 GMT", "soon", "."])
      expect(dueIn({ "retry-after": [value] })).toBe(100);
  });

  test("with a delay that stops being a number falls back to the default", () => {
    const odd = { ...message, retryDelay: "1 / (1 - retried)", retried: 1 };
    expect(decideOutcome(odd, answer(500), NOW)).toMatchObject({ kind: "retry", message: { retried: 2 } });
  });
});
