import { expect, test } from "vitest";
import { refuse } from "#/lib/http/problem.ts";
import { readAddress, watchStrangers } from "#/lib/http/strangers.ts";

const from = (address: string) =>
  new Request("http://localhost/", { headers: { "x-forwarded-for": address } });

test.each([
  ["203.0.113.9", "203.0.113.9"],
  ["1.1.1.1, 203.0.113.9", "203.0.113.9"],
  ["::ffff:203.0.113.9", "203.0.113.9"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2"],
  ["nonsense", "unknown"],
])("%s counts as %s", (header, address) => {
  expect(readAddress(from(header))).toBe(address);
});

test("an address that is out of tries is refused before anything is looked up, and others are not", async () => {
  const left = new Map([["203.0.113.9", 2]]);
  const strangers = watchStrangers(async (_name, address) => {
    const tries = left.get(address) ?? 10;
    left.set(address, tries - 1);
    return { allowed: tries > 0, limit: 2, remaining: Math.max(0, tries - 1), resetAt: Date.now() + 60_000 };
  });
  const wrong = refuse("unauthenticated", "no");
  const answers = [];
  for (let tries = 0; tries < 3; tries += 1)
    answers.push((await strangers.count(from("203.0.113.9"), wrong)).refused);
  expect(answers).toEqual(["unauthenticated", "unauthenticated", "rate-limited"]);
  expect(strangers.refusalFor(from("203.0.113.9"))?.refused).toBe("rate-limited");
  expect(strangers.refusalFor(from("203.0.113.10"))).toBeUndefined();
});
