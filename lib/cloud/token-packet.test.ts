import { expect, test } from "vitest";
import { type LimitDecision, TokenPacket } from "#/lib/cloud/token-packet.ts";

const REFILL_MS = 1_000;

/** A bucket of tokens that is not refilled, and a clock that stands still. */
function makeBucket(tokens: number) {
  const world = { tokens, now: 50_000, calls: [] as number[] };
  const take = async (count: number): Promise<LimitDecision> => {
    world.calls.push(count);
    const allowed = world.tokens >= count;
    if (allowed) world.tokens -= count;
    return { allowed, limit: tokens, remaining: world.tokens, resetAt: world.now + REFILL_MS };
  };
  const packet = (largest = 8) => new TokenPacket(take, largest, { now: () => world.now });
  return { world, packet };
}

const allowed = async (packet: TokenPacket) => (await packet.spend())?.allowed;
const times = <T>(count: number, work: () => T) => Array.from({ length: count }, work);

test("whoever asks seldom takes one token at a time", async () => {
  const { world, packet } = makeBucket(10);
  const mine = packet();
  for (let request = 0; request < 5; request += 1) {
    world.now += 100;
    expect(await mine.spend()).toMatchObject({ allowed: true, remaining: 9 - request });
  }
  expect(world.calls).toEqual([1, 1, 1, 1, 1]);
});

test("requests that come close together share a question, up to the largest packet", async () => {
  const { world, packet } = makeBucket(1_000);
  const mine = packet();
  for (let request = 0; request < 100; request += 1)
    expect(await mine.spend()).toMatchObject({ allowed: true, remaining: 999 - request });
  expect(world.calls.slice(0, 5)).toEqual([1, 2, 4, 8, 8]);
  expect(world.calls.length).toBeLessThan(20);
});

test("a steady caller asks the store about twenty times a second", async () => {
  const { world, packet } = makeBucket(10_000);
  const mine = packet(25);
  for (let request = 0; request < 400; request += 1) {
    world.now += 5;
    await mine.spend();
  }
  // Two seconds.
  expect(world.calls.length).toBeLessThan(50);
  expect(Math.max(...world.calls)).toBeLessThanOrEqual(12);
});

test("those who ask at the same moment are counted together", async () => {
  const { world, packet } = makeBucket(1_000);
  const mine = packet(50);
  expect(await Promise.all(times(40, () => allowed(mine)))).toEqual(times(40, () => true));
  expect(world.calls.length).toBeLessThan(4);
});

test("exactly what the bucket holds is given out, by one process or by several", async () => {
  for (const processes of [1, 3]) {
    const { packet } = makeBucket(100);
    const packets = times(processes, () => packet());
    const answers = [];
    for (let request = 0; request < 300; request += 1)
      answers.push(await allowed(packets[request % processes]!));
    expect(answers.filter(Boolean).length).toBeLessThanOrEqual(100);
    expect(answers.filter(Boolean).length).toBeGreaterThanOrEqual(100 - 8 * (processes - 1));
  }
});

test("an empty bucket is not asked again before its refill", async () => {
  const { world, packet } = makeBucket(1);
  const mine = packet();
  expect(await allowed(mine)).toBe(true);
  const refused = await mine.spend();
  expect(refused).toMatchObject({ allowed: false, resetAt: world.now + REFILL_MS });
  const asked = world.calls.length;
  expect(await mine.spend()).toEqual(refused);
  expect(world.calls).toHaveLength(asked);
  world.now += REFILL_MS;
  world.tokens = 1;
  expect(await allowed(mine)).toBe(true);
});

test("tokens that nobody spent are forfeit after a second", async () => {
  const { world, packet } = makeBucket(100);
  const mine = packet();
  await Promise.all(times(3, () => mine.spend()));
  await mine.spend();
  const asked = world.calls.length;
  world.now += 1_001;
  await mine.spend();
  expect(world.calls).toHaveLength(asked + 1);
  expect(world.calls.at(-1)).toBe(1);
});

test("a store that fails or says nothing fails or says nothing to all who wait, and is asked anew afterwards", async () => {
  const answers = [() => Promise.reject(new Error("away")), () => Promise.resolve(undefined)];
  const mine = new TokenPacket(
    () => answers.shift()?.() ?? Promise.resolve({ allowed: true, limit: 1, remaining: 0, resetAt: 0 }),
    8,
    { now: () => 0 },
  );
  expect((await Promise.allSettled(times(3, () => mine.spend()))).map(({ status }) => status)).toEqual(
    times(3, () => "rejected"),
  );
  expect(await Promise.all(times(3, () => mine.spend()))).toEqual(times(3, () => undefined));
  expect(await mine.spend()).toMatchObject({ allowed: true });
});
