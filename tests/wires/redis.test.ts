import { createHash } from "node:crypto";
import { Ratelimit } from "@upstash/ratelimit";
import { Redis } from "@upstash/redis";
import { createClient, type VercelKV } from "@vercel/kv";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startRedis } from "#/local/redis/serve.ts";
import { redisUnavailable, type RedisServer, startRedisServer } from "#/tests/support/redis-server.ts";

const TOKEN = "kv-contract-token";

describe("Upstash Redis REST over a Redis in this process", () => {
  contract(() => Promise.resolve(undefined));
});

describe.skipIf(redisUnavailable !== undefined)(
  `Upstash Redis REST over a real Redis${redisUnavailable === undefined ? "" : ` (cannot run here: ${redisUnavailable})`}`,
  () => {
    contract(startRedisServer);
  },
);

function contract(startBackend: () => Promise<RedisServer | undefined>): void {
  let real: RedisServer | undefined;
  let server: Awaited<ReturnType<typeof startRedis>>;
  let url: string;
  let kv: VercelKV;
  let redis: Redis;

  beforeAll(async () => {
    real = await startBackend();
    server = await startRedis({ port: 0, token: TOKEN, redisUrl: real?.url });
    url = `http://127.0.0.1:${server.port}`;
    kv = createClient({ url, token: TOKEN });
    redis = new Redis({ url, token: TOKEN, enableAutoPipelining: false, retry: false });
  });
  beforeEach(() => redis.flushdb());
  afterAll(async () => {
    await server.stop();
    await real?.stop();
  });

  describe("values", () => {
    test("come back as they were stored, whatever their alphabet", async () => {
      await kv.set("object", { a: 1, ü: "日本", nested: [null, true, "🗿"] });
      await kv.set("looks-like-base64", "abcd");
      await kv.set("big", "x".repeat(500_000));
      expect(await kv.get("object")).toEqual({ a: 1, ü: "日本", nested: [null, true, "🗿"] });
      expect(await kv.mget("looks-like-base64", "absent")).toEqual(["abcd", null]);
      expect(await kv.get("big")).toHaveLength(500_000);
    });

    test("are base64 on the wire when asked for, but OK stays OK", async () => {
      const headers = { authorization: `Bearer ${TOKEN}`, "upstash-encoding": "base64" };
      const request = (command: unknown) =>
        fetch(url, { method: "POST", headers, body: JSON.stringify(command) }).then((response) =>
          response.json(),
        );
      expect(await request(["SET", "a", "é"])).toEqual({ result: "OK" });
      expect(await request(["MGET", "a", "absent"])).toEqual({ result: ["w6k=", null] });
    });

    test("keep bytes that are not text", async () => {
      await kv.setbit("bits", 0, 1);
      const raw = await fetch(`${url}/get/bits`, {
        headers: { authorization: `Bearer ${TOKEN}`, "upstash-encoding": "base64" },
      });
      expect(await raw.json()).toEqual({ result: Buffer.from([0x80]).toString("base64") });
    });

    test("of every shape work: hashes, lists, sorted sets, expiry, scans", async () => {
      await kv.hset("hash", { a: 1, b: "x" });
      await kv.lpush("list", "a", "b");
      await kv.zadd("zset", { score: 1, member: "a" }, { score: 2, member: "b" });
      await kv.set("short", 1, { ex: 60, nx: true });
      const keys: string[] = [];
      for await (const key of kv.scanIterator({ match: "*" })) keys.push(key);
      expect(await kv.hgetall("hash")).toEqual({ a: 1, b: "x" });
      expect(await kv.lrange("list", 0, -1)).toEqual(["b", "a"]);
      expect(await kv.zrange("zset", 0, -1, { withScores: true })).toEqual(["a", 1, "b", 2]);
      expect(await kv.ttl("short")).toBeGreaterThan(0);
      expect(keys.toSorted()).toEqual(["hash", "list", "short", "zset"]);
    });

    test("in streams can be appended, trimmed and read after a cursor", async () => {
      const first = await kv.xadd("stream", "*", { n: 1 });
      await kv.xadd("stream", "*", { n: 2 }, { trim: { type: "MAXLEN", threshold: 100, comparison: "~" } });
      await kv.xadd("stream", "*", { n: 3 }, { trim: { type: "MAXLEN", threshold: 100, comparison: "=" } });
      const after = await kv.xrange("stream", `(${first}`, "+");
      expect(Object.values(after)).toEqual([{ n: 2 }, { n: 3 }]);
    });
  });

  describe("commands that only some servers know", () => {
    test("ECHO answers what it was given, in a transaction too", async () => {
      expect(await redis.echo("hi")).toBe("hi");
      expect(await redis.multi().set("k", "v").echo("again").get("k").exec()).toEqual(["OK", "again", "v"]);
    });

    test("MEMORY USAGE grows with the value, and is null for nothing", async () => {
      await kv.set("small", "x");
      await kv.set("large", "x".repeat(10_000));
      await kv.hset("hash", { a: "y".repeat(5_000) });
      const usage = (key: string) => redis.exec<number | null>(["MEMORY", "USAGE", key]);
      expect(await usage("large")).toBeGreaterThan(10_000);
      expect(await usage("hash")).toBeGreaterThan(5_000);
      expect(await usage("small")).toBeLessThan(200);
      expect(await usage("absent")).toBeNull();
    });

    test("XGROUP DESTROY of a stream that does not exist is an error, of a group that does not exist nothing", async () => {
      const destroy = (key: string, group: string) => redis.xgroup(key, { type: "DESTROY", group });
      await expect(destroy("absent", "g")).rejects.toThrow(/requires the key to exist/);
      await kv.xadd("stream", "*", { a: 1 });
      await redis.xgroup("stream", { type: "CREATE", group: "g", id: "$" });
      expect([await destroy("stream", "g"), await destroy("stream", "g")]).toEqual([1, 0]);
    });

    test("SCAN … WITHTYPE names the type of each key", async () => {
      await kv.set("typed:text", "x");
      await kv.hset("typed:hash", { a: 1 });
      const [, keys] = await redis.scan(0, { match: "typed:*", count: 1_000, withType: true });
      expect(keys.toSorted((one, other) => (one.key < other.key ? -1 : 1))).toEqual([
        { key: "typed:hash", type: "hash" },
        { key: "typed:text", type: "string" },
      ]);
    });
  });

  describe("the path form", () => {
    test("takes arguments from the query, behind the path or behind the body", async () => {
      const headers = { authorization: `Bearer ${TOKEN}` };
      await fetch(`${url}/set/short/v?EX=100`, { headers });
      await fetch(`${url}/set/long?EX=200`, { method: "POST", body: "a/b?c=d&e", headers });
      expect(await Promise.all([redis.ttl("short"), redis.ttl("long"), redis.get("long")])).toEqual([
        100,
        200,
        "a/b?c=d&e",
      ]);
      const taken = await fetch(`${url}/set/short/w?nx`, { headers });
      expect([await taken.json(), await redis.get("short")]).toEqual([{ result: null }, "v"]);
    });
  });

  test("every answer carries a sync token, so that clients can ask to read their own writes", async () => {
    for (const [path, body] of [
      ["/", ["PING"]],
      ["/pipeline", [["PING"]]],
      ["/", ["NOSUCH"]],
    ] as const) {
      expect((await post(path, body)).headers.get("upstash-sync-token")).toMatch(/.+/);
    }
  });

  describe("batches", () => {
    test("sent in one tick travel as one pipeline and keep their order", async () => {
      await kv.mset({ a: 1, b: 2, c: 3 });
      expect(await Promise.all([kv.get("a"), kv.get("b"), kv.get("c")])).toEqual([1, 2, 3]);
    });

    test("report the failure of one command beside the success of the others", async () => {
      const outcomes = await kv
        .pipeline()
        .set("text", "v")
        .incr("text")
        .get("text")
        .exec({ keepErrors: true });
      expect(outcomes.map(({ error }) => error === undefined)).toEqual([true, false, true]);
      expect(outcomes[1]?.error).toMatch(/not an integer/);
    });

    test("refuse blocking commands in their place", async () => {
      const response = await post("/pipeline", [
        ["SET", "a", 1],
        ["BLPOP", "list", 0],
        ["GET", "a"],
      ]);
      expect(await response.json()).toEqual([
        { result: "OK" },
        { error: expect.stringContaining("not available over REST") },
        { result: "1" },
      ]);
    });

    test("as transactions are never torn by other callers", async () => {
      const increments = Array.from({ length: 300 }, () =>
        kv.multi().incr("n").incr("n").get("n").exec<[number, number, number]>(),
      );
      for (const [first, second, read] of await Promise.all(increments))
        expect([second, read]).toEqual([first + 1, first + 1]);
    });
  });

  describe("scripts", () => {
    test("run with keys, arguments and JSON", async () => {
      await kv.set("s", "v");
      expect(await kv.eval("return {KEYS[1], ARGV[1], redis.call('GET', KEYS[1])}", ["s"], ["q"])).toEqual([
        "s",
        "q",
        "v",
      ]);
      expect(await kv.eval("return cjson.decode(ARGV[1]).a", [], ['{"a":"deep"}'])).toBe("deep");
    });

    test("are found again by their sha, and unknown ones say NOSCRIPT", async () => {
      const script = kv.createScript<string>("return ARGV[1]");
      expect(await script.exec([], ["once"])).toBe("once");
      expect(await script.exec([], ["again"])).toBe("again");
      await expect(kv.evalsha("f".repeat(40), [], [])).rejects.toThrow(/NOSCRIPT/);
    });

    test("with the Upstash-only flag run, and are found by the sha of the text as sent", async () => {
      const flagged = "#!lua flags=allow-key-locking\nreturn ARGV[1]";
      expect(await kv.eval(flagged, [], ["x"])).toBe("x");
      expect(await kv.evalsha(createHash("sha1").update(flagged).digest("hex"), [], ["y"])).toBe("y");
      const sha = await kv.scriptLoad("#!lua flags=allow-key-locking\nreturn 7");
      expect(await kv.evalsha(sha, [], [])).toBe(7);
    });
  });

  describe("subscriptions", () => {
    test("deliver what is published, commas and escaped newlines included", async () => {
      const subscriber = redis.subscribe<unknown>(["channel"]);
      await new Promise<void>((ready) => subscriber.on("subscribe", () => ready()));
      const received = new Promise((resolve) => subscriber.on("message", ({ message }) => resolve(message)));
      expect(await redis.publish("channel", { hello: "a,b\nc" })).toBe(1);
      expect(await received).toEqual({ hello: "a,b\nc" });
      await subscriber.unsubscribe();
    });

    test("by pattern name the channel", async () => {
      const subscriber = redis.psubscribe<unknown>(["news:*"]);
      await new Promise<void>((ready) => subscriber.on("psubscribe", () => ready()));
      const received = new Promise((resolve) => subscriber.on("pmessage", resolve));
      await redis.publish("news:x", { n: 1 });
      expect(await received).toMatchObject({ pattern: "news:*", channel: "news:x", message: { n: 1 } });
      await subscriber.unsubscribe();
    });

    test("end on the server when the reader leaves", async () => {
      const subscriber = redis.subscribe(["leaving"]);
      await new Promise<void>((ready) => subscriber.on("subscribe", () => ready()));
      await subscriber.unsubscribe();
      await expect.poll(() => redis.publish("leaving", "x")).toBe(0);
    });
  });

  describe("@upstash/ratelimit", () => {
    const limiters = [
      { name: "fixed window", limiter: Ratelimit.fixedWindow(3, "60 s") },
      { name: "sliding window", limiter: Ratelimit.slidingWindow(3, "60 s") },
      { name: "token bucket", limiter: Ratelimit.tokenBucket(1, "60 s", 3) },
    ];

    for (const { name, limiter } of limiters) {
      test(`admits exactly the limit with a ${name}, and again after a reset`, async () => {
        const limit = new Ratelimit({ redis: kv, limiter, ephemeralCache: false });
        const admitted = await Promise.all(
          Array.from({ length: 5 }, async () => (await limit.limit("ws")).success),
        );
        expect(admitted.filter(Boolean)).toHaveLength(3);
        expect((await limit.limit("other")).remaining).toBe(2);
        await limit.resetUsedTokens("ws");
        expect((await limit.getRemaining("ws")).remaining).toBe(3);
      });
    }

    test("counts a weighted request as many and refunds a negative one", async () => {
      const limit = new Ratelimit({
        redis: kv,
        limiter: Ratelimit.tokenBucket(1, "60 s", 5),
        ephemeralCache: false,
      });
      const rates = [2, 2, 2, -2];
      const outcomes = [];
      for (const rate of rates) outcomes.push((await limit.limit("ws", { rate })).success);
      expect(outcomes).toEqual([true, true, false, true]);
      expect((await limit.getRemaining("ws")).remaining).toBe(3);
    });
  });

  describe("without a token", () => {
    test.each(["/", "/pipeline", "/multi-exec", "/subscribe/c", "/psubscribe/*", "/get/a", "/no/such/route"])(
      "POST %s answers 401",
      async (path) => {
        for (const authorization of ["", "Bearer wrong", `Basic ${TOKEN}x`]) {
          const response = await fetch(url + path, {
            method: "POST",
            body: '["PING"]',
            headers: { authorization },
          });
          expect(response.status).toBe(401);
          expect(await response.text()).toContain("WRONGPASS");
        }
      },
    );

    test("the official client says so", async () => {
      await expect(new Redis({ url, token: "wrong", retry: false }).get("a")).rejects.toThrow(/WRONGPASS/);
    });
  });

  describe("nonsense", () => {
    test.each([
      ["not JSON", "{"],
      ["an empty command", "[]"],
      ["an unknown command", '["NOSUCH"]'],
      ["a dangerous command", '["SHUTDOWN"]'],
    ])("%s answers 400 with the reason", async (_what, body) => {
      const response = await fetch(url, {
        method: "POST",
        body,
        headers: { authorization: `Bearer ${TOKEN}` },
      });
      expect(response.status).toBe(400);
      expect(await response.json()).toEqual({ error: expect.any(String) });
    });
  });

  function post(path: string, body: unknown): Promise<Response> {
    return fetch(url + path, {
      method: "POST",
      body: JSON.stringify(body),
      headers: { authorization: `Bearer ${TOKEN}` },
    });
  }
}
