import { createServer, type Server } from "node:http";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { connectKv } from "#/lib/cloud/kv.ts";
import { createLimiter, limitPolicies, type Warn } from "#/lib/cloud/limits.ts";
import { createLiveOutput, type LiveChunk, type LiveOutput } from "#/lib/cloud/live-output.ts";
import { closeServer, listenOnLoopback } from "#/local/loopback.ts";
import { startRedis } from "#/local/redis/serve.ts";

const TOKEN = "kv-adapters-token";
let server: Awaited<ReturnType<typeof startRedis>>;
let kv: ReturnType<typeof connectKv>;

beforeAll(async () => {
  server = await startRedis({ port: 0, token: TOKEN, redisUrl: process.env["REDIS_URL"] });
  kv = connectKv({ url: `http://127.0.0.1:${server.port}`, token: TOKEN });
});
afterAll(() => server.stop());

describe("limits", () => {
  test("refuse a workspace that used its burst, and nobody else", async () => {
    const warn = vi.fn<Warn>();
    const limit = createLimiter(kv, warn);
    const { burst } = limitPolicies.hooks;
    expect(await limit("hooks", "greedy", burst)).toMatchObject({ allowed: true, limit: burst, remaining: 0 });
    expect(await limit("hooks", "greedy", burst)).toMatchObject({ allowed: false, limit: burst });
    expect(await limit("hooks", "modest")).toMatchObject({ allowed: true, remaining: burst - 1 });
    expect(await limit("runs", "greedy")).toMatchObject({ allowed: true });
    expect(warn).not.toHaveBeenCalled();
  });

  test("do not shut out a light request after a heavy one was refused", async () => {
    const limit = createLimiter(kv, vi.fn<Warn>());
    await limit("hooks", "mixed", limitPolicies.hooks.burst - 5);
    expect(await limit("hooks", "mixed", limitPolicies.hooks.burst)).toMatchObject({ allowed: false });
    expect(await limit("hooks", "mixed", 1)).toMatchObject({ allowed: true });
  });

  test("say when the next token comes", async () => {
    const before = Date.now();
    const { resetAt } = await createLimiter(kv, vi.fn<Warn>())("api", "clock");
    expect(resetAt).toBeGreaterThan(before);
    expect(resetAt).toBeLessThanOrEqual(Date.now() + 1000);
  });

  test("allow everyone while the store is away, and say so once", async () => {
    const warn = vi.fn<Warn>();
    const limit = createLimiter(connectKv({ url: "http://127.0.0.1:1", token: TOKEN }), warn);
    expect(await limit("api", "ws", 1_000_000)).toMatchObject({ allowed: true, limit: limitPolicies.api.burst });
    await limit("api", "ws");
    expect(warn).toHaveBeenCalledExactlyOnceWith(expect.stringContaining("cannot be reached"), expect.objectContaining({ limit: "api" }));
  });

  test("allow everyone while the store hangs, and say so", async () => {
    const hanging: Server = createServer(() => {});
    const port = await listenOnLoopback(hanging, 0);
    const warn = vi.fn<Warn>();
    const limit = createLimiter(connectKv({ url: `http://127.0.0.1:${port}`, token: TOKEN }), warn);
    expect(await limit("runs", "ws")).toMatchObject({ allowed: true });
    expect(warn).toHaveBeenCalledExactlyOnceWith(expect.stringContaining("did not answer in time"), { limit: "runs" });
    await closeServer(hanging);
  });
});

describe("live output", () => {
  let output: LiveOutput;
  let runs = 0;
  beforeAll(() => {
    output = createLiveOutput(kv);
  });
  const newRun = () => `run-${++runs}-${crypto.randomUUID()}`;
  const delta = (text: string): LiveChunk & { delta: string } => ({ type: "text-delta", delta: text });
  const writer = (branch: string, attempt: number) => ({ branch, attempt });

  test("is read back in order, with who wrote it, from any cursor", async () => {
    const run = newRun();
    await output.appendChunks(run, writer("1", 1), [delta("a"), delta("b")]);
    await output.appendChunks(run, writer("write", 1), [delta('{"not":"parsed"}')]);
    const all = await output.readChunks(run, "0", 100);
    expect(all.map(({ branch, attempt, chunks }) => ({ branch, attempt, chunks }))).toEqual([
      { branch: "1", attempt: 1, chunks: [delta("a"), delta("b")] },
      { branch: "write", attempt: 1, chunks: [delta('{"not":"parsed"}')] },
    ]);
    expect(await output.readChunks(run, all[0]!.id, 100)).toEqual([all[1]]);
    expect(await output.readChunks(run, "0", 1)).toEqual([all[0]]);
    expect(await output.readChunks(run, all[1]!.id, 100)).toEqual([]);
  });

  test("of a run nobody wrote to is empty", async () => {
    expect(await output.readChunks(newRun(), "0", 10)).toEqual([]);
  });

  test("fences an attempt that was overtaken, without touching parallel branches", async () => {
    const run = newRun();
    await output.appendChunks(run, writer("research", 1), [delta("first")]);
    await output.appendChunks(run, writer("sibling", 1), [delta("beside")]);
    await output.appendChunks(run, writer("research", 2), [delta("second")]);
    expect(await output.appendChunks(run, writer("research", 1), [delta("zombie")])).toEqual({ kind: "fenced" });
    expect(await output.appendChunks(run, writer("sibling", 1), [delta("still")])).toMatchObject({ kind: "appended" });
    const texts = (await output.readChunks(run, "0", 100)).flatMap(({ chunks }) => chunks.map((chunk) => chunk["delta"]));
    expect(texts).toEqual(["first", "beside", "second", "still"]);
  });

  test("is not doubled when the reply of an append gets lost", async () => {
    const run = newRun();
    const lossy = await startLosingReplies();
    const flaky = createLiveOutput(connectKv({ url: lossy.url, token: TOKEN }));
    await flaky.appendChunks(run, writer("a", 1), [delta("0")]);
    lossy.loseNext();
    await flaky.appendChunks(run, writer("a", 1), [delta("1")]);
    await flaky.appendChunks(run, writer("a", 1), [delta("2")]);
    expect(lossy.lost()).toBe(1);
    expect((await output.readChunks(run, "0", 100)).flatMap(({ chunks }) => chunks.map((chunk) => chunk["delta"]))).toEqual(["0", "1", "2"]);
    await lossy.stop();
  });

  test("wakes its readers, and lets them go", async () => {
    const run = newRun();
    const onWake = vi.fn<() => void>();
    const unsubscribe = output.subscribe(run, onWake);
    await vi.waitFor(() => expect(onWake).toHaveBeenCalledTimes(1));
    await output.appendChunks(run, writer("a", 1), [delta("x")]);
    await vi.waitFor(() => expect(onWake).toHaveBeenCalledTimes(2));
    unsubscribe();
    await vi.waitFor(async () => expect(await kv.publish(`run:{${run}}:wake`, "0-0")).toBe(0));
  });

  test("reaches a reader that keeps losing its connection exactly once and in order", async () => {
    const run = newRun();
    const expected = Array.from({ length: 60 }, (_, index) => `token ${index}`);
    const seen: unknown[] = [];
    const writing = (async () => {
      for (const text of expected) await output.appendChunks(run, writer("a", 1), [delta(text)]);
    })();
    let cursor = "0";
    while (seen.length < expected.length) {
      for (const { id, chunks } of await output.readChunks(run, cursor, 7)) {
        cursor = id;
        seen.push(...chunks.map((chunk) => chunk["delta"]));
      }
    }
    await writing;
    expect(seen).toEqual(expected);
  });

  test("ends by itself, sooner when the run is over", async () => {
    const run = newRun();
    await output.appendChunks(run, writer("a", 1), [delta("x")]);
    expect(await kv.ttl(`run:{${run}}:output`)).toBeGreaterThan(3600);
    await output.expire(run, 60);
    expect(await kv.ttl(`run:{${run}}:output`)).toBeLessThanOrEqual(60);
    expect(await kv.ttl(`run:{${run}}:fence`)).toBeLessThanOrEqual(60);
  });
});

/** Passes requests on to the store, and on demand cuts the connection after the store has done its work. */
async function startLosingReplies() {
  let armed = false;
  let lost = 0;
  const proxy = createServer((request, response) => {
    const body: Buffer[] = [];
    request.on("data", (part: Buffer) => body.push(part));
    request.on("end", () => {
      void (async () => {
        const answer = await fetch(`http://127.0.0.1:${server.port}${request.url}`, {
          method: "POST",
          headers: { authorization: `Bearer ${TOKEN}`, "upstash-encoding": "base64" },
          body: Buffer.concat(body),
        });
        const text = await answer.text();
        if (armed) {
          armed = false;
          lost += 1;
          request.socket.destroy();
        } else response.writeHead(answer.status, { "content-type": "application/json" }).end(text);
      })();
    });
  });
  const port = await listenOnLoopback(proxy, 0);
  const loseNext = () => {
    armed = true;
  };
  return { url: `http://127.0.0.1:${port}`, loseNext, lost: () => lost, stop: () => closeServer(proxy) };
}
