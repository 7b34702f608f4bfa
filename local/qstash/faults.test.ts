import { expect, test } from "vitest";
import { FaultInjector } from "#/local/qstash/faults.ts";

const all = { drop: 0.3, duplicate: 0.3, delayMs: 10, error: 0.3 };
const decisions = (injector: FaultInjector) =>
  Array.from({ length: 200 }, () => [injector.forDelivery(), injector.forPublish()]);

test("one seed gives one sequence of accidents, another seed another one", () => {
  const first = decisions(new FaultInjector({ ...all, seed: 1 }));
  expect(decisions(new FaultInjector({ ...all, seed: 1 }))).toEqual(first);
  expect(decisions(new FaultInjector({ ...all, seed: 2 }))).not.toEqual(first);
});

test("accidents are as frequent as asked for", () => {
  const injector = new FaultInjector({ ...all, seed: 5 });
  const drops = Array.from({ length: 2_000 }, () => injector.forDelivery()).filter(({ drop }) => drop).length;
  expect(drops / 2_000).toBeCloseTo(0.3, 1);
});

test("without faults nothing goes wrong", () => {
  const injector = new FaultInjector();
  expect(injector.forDelivery()).toEqual({ drop: false, duplicate: false, delayMs: 0 });
  expect(injector.forPublish()).toBe("none");
});
