import { createServer, type Server } from "node:http";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { connectKv } from "#/lib/cloud/kv.ts";
import { createLimiter, limitPolicies, type Warn } from "#/lib/cloud/limits.ts";
import { createLiveOutput, type LiveEntry, type LiveOutput } from "#/lib/cloud/live-output.ts";
import { closeServer, listenOnLoopback } from "#/local/loopback.ts";
import { startRedis } from "#/local/redis/serve.ts";

const TOKEN = "kv-adapters-token";
let server: Awaited<ReturnType<typeof startRedis>>;
let kv: ReturnType<typeof connectKv>;

beforeAll(async () => {
  server = await startRedis({ port: 0, token: TOKEN });
  kv = connectKv({ url: `http://127.0.0.1:${server.port}`, token: TOKEN });
  // The store's first script takes long enough to let a request pass.
  await createLimiter(kv, () => undefined)("hooks", "first");
});
afterAll(() => server.stop());

describe("limits", () => {
  test("refuse a workspace that used its burst, and nobody else", async () => {
    const warn = vi.fn<Warn>();
    const limit = createLimiter(kv, warn);
    const { burst } = limitPolicies.hooks;
    expect(await limit("hooks", "greedy", burst)).toMatchObject({
      allowed: true,
      limit: burst,
      remaining: 0,
    });
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
    expect(await limit("api", "ws", 1_000_000)).toMatchObject({
      allowed: true,
      limit: limitPolicies.api.burst,
    });
    await limit("api", "ws");
    expect(warn).toHaveBeenCalledExactlyOnceWith(
      expect.stringContaining("cannot be reached"),
      expect.objectContaining({ limit: "api" }),
    );
  });

  test("allow everyone while the store hangs, and say so", async () => {
    const hanging: Server = createServer(() => {});
    const port = await listenOnLoopback(hanging, 0);
    const warn = vi.fn<Warn>();
    const limit = createLimiter(connectKv({ url: `http://127.0.0.1:${port}`, token: TOKEN }), warn);
    expect(await limit("runs", "ws")).toMatchObject({ allowed: true });
    expect(warn).toHaveBeenCalledExactlyOnceWith(expect.stringContaining("did not answer in time"), {
      limit: "runs",
    });
    await closeServer(hanging);
  });
});

describe("live output", () => {
  let output: LiveOutput;
  let runs = 0;
  beforeAll(() => {
    output = createLiveOutput({ url: `http://127.0.0.1:${server.port}`, token: TOKEN });
  });
  const newRun = () => ({ runId: `run-${++runs}-${crypto.randomUUID()}`, epoch: 1 });
  const delta = (text: string) => ({ type: "delta", text });
  const listTexts = (entries: readonly LiveEntry[]) =>
    entries.flatMap(({ chunks }) => chunks.map((chunk) => chunk["text"]));

  test("is read back in order, with who wrote it, from any entry on", async () => {
    const run = newRun();
    await output.append(run, [delta("a"), delta("b")]);
    await output.append({ ...run, epoch: 2 }, [delta('{"not":"parsed"}')]);
    const all = await output.read(run.runId, "0", 100);
    expect(all.map(({ epoch, chunks }) => ({ epoch, chunks }))).toEqual([
      { epoch: 1, chunks: [delta("a"), delta("b")] },
      { epoch: 2, chunks: [delta('{"not":"parsed"}')] },
    ]);
    expect(await output.read(run.runId, all[0]!.id, 100)).toEqual([all[1]]);
    expect(await output.read(run.runId, "0", 1)).toEqual([all[0]]);
    expect(await output.read(run.runId, all[1]!.id, 100)).toEqual([]);
  });

  test("of a run nobody wrote to is empty", async () => {
    expect(await output.read(newRun().runId, "0", 10)).toEqual([]);
  });

  test("fences whoever was overtaken", async () => {
    const run = newRun();
    await output.append(run, [delta("first")]);
    await output.append({ ...run, epoch: 2 }, [delta("second")]);
    expect(await output.append(run, [delta("zombie")])).toEqual({ kind: "fenced" });
    expect(await output.append({ ...run, epoch: 2 }, [delta("still")])).toMatchObject({ kind: "appended" });
    expect(listTexts(await output.read(run.runId, "0", 100))).toEqual(["first", "second", "still"]);
  });

  test("is not doubled when the reply of an append gets lost", async () => {
    const run = newRun();
    const lossy = await startLosingReplies();
    const flaky = createLiveOutput({ url: lossy.url, token: TOKEN });
    await flaky.append(run, [delta("0")]);
    lossy.loseNext();
    await flaky.append(run, [delta("1")]);
    await flaky.append(run, [delta("2")]);
    expect(lossy.lost()).toBe(1);
    expect(listTexts(await output.read(run.runId, "0", 100))).toEqual(["0", "1", "2"]);
    await lossy.stop();
  });

  test("lets a reader see that entries were dropped, from the head or altogether", async () => {
    const run = newRun();
    const small = createLiveOutput({ url: `http://127.0.0.1:${server.port}`, token: TOKEN, keepEntries: 10 });
    for (let index = 0; index < 300; index += 1) await small.append(run, [delta(`${index}`)]);
    const kept = await small.read(run.runId, "0", 1000);
    expect(kept.length).toBeLessThan(300);
    expect(kept[0]?.previousId).not.toBe("0");
    expect(kept.slice(1).map(({ previousId }) => previousId)).toEqual(kept.slice(0, -1).map(({ id }) => id));
    await kv.del(`run:{${run.runId}}:output`);
    await small.append(run, [delta("after")]);
    expect((await small.read(run.runId, "0", 10))[0]?.previousId).toBe(kept.at(-1)?.id);
  });

  test("wakes its readers over one connection, and lets them go", async () => {
    const run = newRun();
    const wakes = [vi.fn<() => void>(), vi.fn<() => void>()];
    const stops = wakes.map((onWake) => output.subscribe(run.runId, onWake));
    await vi.waitFor(() => wakes.forEach((onWake) => expect(onWake).toHaveBeenCalled()));
    const listeners = () => kv.publish(`run:{${run.runId}}:wake`, "0-0");
    await vi.waitFor(async () => expect(await listeners()).toBe(1));
    wakes.forEach((onWake) => onWake.mockClear());
    stops[0]?.();
    await output.append(run, [delta("x")]);
    await vi.waitFor(() => expect(wakes[1]).toHaveBeenCalled());
    expect(wakes[0]).not.toHaveBeenCalled();
    stops[1]?.();
    await vi.waitFor(async () => expect(await listeners()).toBe(0));
  });

  test("wakes its readers again after the store was away", async () => {
    const other = await startRedis({ port: 0, token: TOKEN });
    const address = { url: `http://127.0.0.1:${other.port}`, token: TOKEN };
    const run = newRun();
    const onWake = vi.fn<() => void>();
    const stop = createLiveOutput(address).subscribe(run.runId, onWake);
    await vi.waitFor(() => expect(onWake).toHaveBeenCalled());
    await other.stop();
    const again = await startRedis({ port: other.port, token: TOKEN });
    onWake.mockClear();
    await vi.waitFor(() => expect(onWake).toHaveBeenCalled(), 10_000);
    stop();
    await again.stop();
  });

  test("ends by itself, sooner when the run is over", async () => {
    const run = newRun();
    const keys = [`run:{${run.runId}}:output`, `run:{${run.runId}}:fence`];
    await output.append(run, [delta("x")]);
    for (const key of keys) expect(await kv.ttl(key)).toBeGreaterThan(3600);
    await output.append({ ...run, ended: true }, [delta("y")]);
    for (const key of keys) expect(await kv.ttl(key)).toBeLessThanOrEqual(600);
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
