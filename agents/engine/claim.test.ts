import { assert, boolean, constantFrom, integer, property } from "fast-check";
import { describe, expect, test } from "vitest";
import { isEnded } from "#/agents/vocabulary/run.ts";
import { CRASH_LIMIT, decideClaim } from "#/agents/engine/claim.ts";

const refused = { claimed: false, status: "running", leased: true, dueInMs: 0 } as const;

describe("decideClaim", () => {
  test("works on a claimed run", () => {
    expect(decideClaim({ claimed: true, crashes: 1 })).toEqual({ kind: "advance" });
  });

  test("gives up on a run whose superstep kills its process every time", () => {
    expect(decideClaim({ claimed: true, crashes: CRASH_LIMIT })).toEqual({ kind: "give-up" });
  });

  test.each(["waiting", "paused"])("acknowledges a stale wake-up of a run that is %s", (status) => {
    expect(decideClaim({ ...refused, status, leased: false, dueInMs: 5000 })).toEqual({
      kind: "acknowledge",
    });
  });

  test.each(["succeeded", "failed", "cancelled", "timed_out"])(
    "tells servers that a run which is %s needs them no more",
    (status) => {
      expect(decideClaim({ ...refused, status, leased: false, dueInMs: 5000 })).toEqual({
        kind: "end-remote-tasks",
      });
    },
  );

  test("acknowledges a duplicate while another invocation holds the run, whatever its due time", () => {
    expect(decideClaim({ ...refused, dueInMs: 5000 })).toEqual({ kind: "acknowledge" });
  });

  test("asks the queue to come back when it woke a run too early", () => {
    expect(decideClaim({ ...refused, status: "retrying", leased: false, dueInMs: 1200 })).toEqual({
      kind: "come-back",
      afterS: 2,
    });
  });

  test("acknowledges a wake-up for a run that is not there", () => {
    expect(decideClaim(null)).toEqual({ kind: "acknowledge" });
  });

  test("spends a try of the message only on a run that is free and not yet due, and comes back when it is", () => {
    const statuses = constantFrom(
      "queued",
      "running",
      "retrying",
      "waiting",
      "paused",
      "held",
      "succeeded",
      "failed",
      "timed_out",
      "cancelled",
    );
    assert(
      property(statuses, boolean(), integer({ min: -1000, max: 1e9 }), (status, leased, dueInMs) => {
        const decision = decideClaim({ claimed: false, status, leased, dueInMs });
        const isEarly = ["queued", "running", "retrying"].includes(status) && !leased && dueInMs > 0;
        const end = isEnded(status) ? "end-remote-tasks" : "acknowledge";
        expect(decision.kind).toBe(isEarly ? "come-back" : end);
        expect(decision.kind !== "come-back" || decision.afterS * 1000 >= dueInMs).toBe(true);
      }),
    );
  });
});
