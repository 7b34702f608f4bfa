import { createHash, randomUUID, timingSafeEqual } from "node:crypto";
import { Hono, type Context } from "hono";
import { streamSSE, type SSEStreamingApi } from "hono/streaming";
import { describeError, type Outcome, type RedisBackend, type Subscription } from "#/local/redis/backend.ts";
import { type Command, CommandReader, RefusedCommand } from "#/local/redis/command.ts";
import { encodeReply } from "#/local/redis/reply.ts";

const SYNC_TOKEN = randomUUID();

/** The REST surface over one backend: single commands, pipelines, transactions and subscriptions. */
export function redisRoutes(backend: RedisBackend, token: string): Hono {
  const reader = new CommandReader();
  const app = new Hono();
  app.use("*", async (c, next) => {
    if (!isSame(bearer(c), token))
      return c.json({ error: "WRONGPASS send the token as `Authorization: Bearer <token>`" }, 401);
    return next();
  });
  app.use("*", async (c, next) => {
    await next();
    // There is one Redis, so whoever reads always sees what was written before: the token only has to come back.
    c.header("upstash-sync-token", SYNC_TOKEN);
  });
  app.onError((error, c) => c.json({ error: describeError(error) }, 400));
  app.post("/pipeline", async (c) => answerAll(c, await runEach(backend, reader, await bodyList(c))));
  app.post("/multi-exec", async (c) =>
    answerAll(c, await backend.transaction((await bodyList(c)).map((sent) => reader.read(sent)))),
  );
  app.all("/subscribe/:name{.+}", (c) => listen(c, backend, { kind: "channel", name: c.req.param("name") }));
  app.all("/psubscribe/:name{.+}", (c) => listen(c, backend, { kind: "pattern", name: c.req.param("name") }));
  app.post("/", async (c) => answer(c, await backend.run(reader.read(await c.req.json()))));
  app.get("/:command{.+}", async (c) =>
    answer(c, await backend.run(reader.read([...pathParts(c), ...queryParts(c)]))),
  );
  app.post("/:command{.+}", async (c) =>
    answer(c, await backend.run(reader.read([...pathParts(c), await c.req.text(), ...queryParts(c)]))),
  );
  return app;
}

/** Keeps the place of a refused command, so that the answers still line up with what was sent. */
async function runEach(
  backend: RedisBackend,
  reader: CommandReader,
  sent: readonly unknown[],
): Promise<readonly Outcome[]> {
  const read = sent.map((one) => readOrRefuse(reader, one));
  const replies = (await backend.pipeline(read.filter((one): one is Command => !("error" in one)))).values();
  return read.map((one) => ("error" in one ? one : (replies.next().value ?? { error: "ERR no reply" })));
}

function readOrRefuse(reader: CommandReader, sent: unknown): Command | { error: string } {
  try {
    return reader.read(sent);
  } catch (error) {
    if (error instanceof RefusedCommand) return { error: error.message };
    throw error;
  }
}

function answer(c: Context, outcome: Outcome): Response {
  return c.json(written(c, outcome), "error" in outcome ? 400 : 200);
}

function answerAll(c: Context, all: readonly Outcome[]): Response {
  return c.json(all.map((outcome) => written(c, outcome)));
}

function written(c: Context, outcome: Outcome): { error: string } | { result: unknown } {
  if ("error" in outcome) return { error: outcome.error };
  return { result: encodeReply(outcome.reply, c.req.header("upstash-encoding")) };
}

/** Streams what is published until the caller goes away. The payload must not contain a raw newline. */
function listen(c: Context, backend: RedisBackend, what: Subscription): Response {
  return streamSSE(c, async (stream) => {
    const send = lineWriter(stream);
    const prefix = what.kind === "channel" ? "message" : `pmessage,${what.name}`;
    const early: string[] = [];
    let confirmed = false;
    const { count, close } = await backend.subscribe(what, (channel, payload) => {
      const line = `${prefix},${channel},${payload}`;
      if (confirmed) send(line);
      else early.push(line);
    });
    send(`${what.kind === "channel" ? "subscribe" : "psubscribe"},${what.name},${count}`);
    confirmed = true;
    early.forEach(send);
    await new Promise<void>((gone) => {
      stream.onAbort(gone);
    });
    await close();
  });
}

/** Writes lines one after the other; a write to a caller who left is not an error. */
function lineWriter(stream: SSEStreamingApi): (line: string) => void {
  let last: Promise<unknown> = Promise.resolve();
  return (line) => {
    last = last.then(() => stream.write(`data: ${line}\n\n`)).catch(() => {});
  };
}

async function bodyList(c: Context): Promise<readonly unknown[]> {
  const body: unknown = await c.req.json();
  if (!Array.isArray(body) || body.length === 0) throw new RefusedCommand("ERR send an array of commands");
  return body;
}

function pathParts(c: Context): string[] {
  return new URL(c.req.url).pathname.slice(1).split("/").map(decodeURIComponent);
}

/** Arguments behind the path: `?EX=100&NX` is EX 100 NX. */
function queryParts(c: Context): string[] {
  const parameters = [...new URL(c.req.url).searchParams].filter(([name]) => name !== "_token");
  return parameters.flatMap((pair) => pair.filter((part) => part !== ""));
}

function bearer(c: Context): string {
  return c.req.header("authorization")?.replace(/^bearer /i, "") ?? c.req.query("_token") ?? "";
}

function isSame(given: string, expected: string): boolean {
  return timingSafeEqual(sha256(given), sha256(expected));
}

function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
