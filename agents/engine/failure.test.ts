import { assert, boolean, constant, double, integer, option, property, record, tuple } from "fast-check";
import { describe, expect, test } from "vitest";
import { backoffMs } from "#/agents/engine/backoff.ts";
import { decideFailure, RETRY_DEFAULTS } from "#/agents/engine/failure.ts";

const failure = { code: "http-500", message: "no" };

describe("decideFailure", () => {
  test("repeats what the author says, whatever it is, and nothing else", () => {
    const policy = { attempts: 3, firstDelayMs: 0, retries: ({ code }: { code: string }) => code === "odd" };
    expect(
      decideFailure({ ...failure, code: "odd", retryable: false }, policy, { attempt: 1, spread: 0 }).kind,
    ).toBe("retry");
    expect(decideFailure({ ...failure, retryable: true }, policy, { attempt: 1, spread: 0 }).kind).toBe(
      "give-up",
    );
    expect(
      decideFailure({ ...failure, code: "odd", retryable: true }, policy, { attempt: 3, spread: 0 }).kind,
    ).toBe("give-up");
  });

  test("repeats a model call until its attempts are used up", () => {
    const decisions = [1, 2, 3, 4].map(
      (attempt) =>
        decideFailure({ ...failure, retryable: true }, RETRY_DEFAULTS.model, { attempt, spread: 0 }).kind,
    );
    expect(decisions).toEqual(["retry", "retry", "retry", "give-up"]);
  });

  test("gives up at once on what no repetition can mend", () => {
    expect(
      decideFailure({ ...failure, retryable: false }, RETRY_DEFAULTS.model, { attempt: 1, spread: 0 }),
    ).toEqual({ kind: "give-up" });
  });

  test("waits at least as long as the other side asked", () => {
    expect(
      decideFailure({ ...failure, retryable: true, retryAfterMs: 60_000 }, RETRY_DEFAULTS.model, {
        attempt: 1,
        spread: 0,
      }),
    ).toEqual({ kind: "retry", afterMs: 60_000 });
  });
});

describe("decideFailure, whatever fails", () => {
  const anyFailure = record({
    code: constant("odd"),
    message: constant("no"),
    retryable: boolean(),
    retryAfterMs: option(integer({ min: 0, max: 1e6 }), { nil: undefined }),
  });
  const spreads = double({ min: 0, max: 0.999, noNaN: true });

  test("tries as often as the policy says, and no more", () => {
    assert(
      property(
        anyFailure,
        integer({ min: 1, max: 10 }),
        integer({ min: 0, max: 60_000 }),
        spreads,
        (failed, attempts, firstDelayMs, spread) => {
          let tries = 1;
          while (
            decideFailure(failed, { attempts, firstDelayMs }, { attempt: tries, spread }).kind === "retry"
          )
            tries += 1;
          expect(tries).toBe(failed.retryable ? attempts : 1);
        },
      ),
    );
  });

  test("never comes back earlier than it was asked to", () => {
    assert(
      property(anyFailure, integer({ min: 1, max: 9 }), spreads, (failed, attempt, spread) => {
        const decision = decideFailure(failed, { attempts: 10, firstDelayMs: 1000 }, { attempt, spread });
        expect(
          decision.kind === "give-up" || decision.afterMs >= Math.max(failed.retryAfterMs ?? 0, 500),
        ).toBe(true);
      }),
    );
  });
});

describe("backoffMs", () => {
  test("grows, is spread, and stays under a quarter of an hour", () => {
    const inputs = tuple(
      integer({ min: 1, max: 40 }),
      integer({ min: 1, max: 60_000 }),
      double({ min: 0, max: 0.999, noNaN: true }),
    );
    assert(
      property(inputs, ([attempt, first, spread]) => {
        const delay = backoffMs(attempt, first, spread);
        const full = Math.min(first * 2 ** (attempt - 1), 15 * 60_000);
        expect(delay).toBeGreaterThanOrEqual(Math.floor(full / 2));
        expect(delay).toBeLessThanOrEqual(Math.ceil(full));
      }),
    );
  });
});
