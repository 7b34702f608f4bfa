import { execFile } from "node:child_process";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DEFAULT_ENVIRONMENT, setEnvironment } from "#/tests/support/environment.ts";
import { eventually } from "#/tests/support/eventually.ts";

// Sentry's own SDK against a loopback ingest.
const envelopes: string[] = [];
const headers: http.IncomingHttpHeaders[] = [];
const ingest = http.createServer((request, response) => {
  headers.push(request.headers);
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const body = Buffer.concat(chunks);
    const isPacked = request.headers["content-encoding"] === "gzip";
    envelopes.push(`${request.url} ${(isPacked ? gunzipSync(body) : body).toString()}`);
    response.writeHead(200, { "content-type": "application/json" }).end("{}");
  });
});

beforeAll(async () => {
  await new Promise<void>((resolve) => void ingest.listen(0, "127.0.0.1", () => resolve()));
  const { port } = ingest.address() as AddressInfo;
  setEnvironment({
    SENTRY_DSN: `http://public@127.0.0.1:${port}/42`,
    LOG_LEVEL: "silent",
    SENTRY_TRACES_SAMPLE_RATE: "1",
    SENTRY_PROFILES_SAMPLE_RATE: "1",
    VERCEL_GIT_COMMIT_SHA: "0123abc",
    NEXT_RUNTIME: "nodejs",
  });
});
afterAll(() => new Promise((resolve) => void ingest.close(resolve)));

test("sends an unexpected error with its ids, and no secret of ours, to the ingest of SENTRY_DSN", async () => {
  const { register } = await import("#/instrumentation.ts");
  await register();
  const { reportError } = await import("#/lib/observe/report.ts");
  const key = `cairn_${"k".repeat(43)}`;
  await reportError(
    new Error(`the roof is on fire: Authorization was Bearer ${"t".repeat(40)}`),
    {
      workspaceId: "w1",
      runId: "r1",
      request: { headers: { cookie: ["session", "of", "ada"].join("-") }, note: key },
    },
    "unexpected",
  );
  const { flush } = await import("@sentry/nextjs");
  await flush(5000);
  const sent = envelopes.find((envelope) => envelope.includes("the roof is on fire")) ?? "";
  expect(sent).toMatch(/^\/api\/42\/envelope\//);
  expect(sent).toContain('"runId":"r1"');
  expect(sent).toContain('"release":"0123abc"');
  expect(sent).not.toContain(process.env["SECRETS_KEY"]);
  expect(sent).not.toMatch(/t{40}|k{43}|session-of-ada/);
});

test("a host that a workflow calls is not told of the trace", async () => {
  const { register } = await import("#/instrumentation.ts");
  await register();
  const { startSpan } = await import("@sentry/nextjs");
  const { port } = ingest.address() as AddressInfo;
  headers.length = 0;
  await startSpan({ name: "POST /api/queue/run" }, () => fetch(`http://127.0.0.1:${port}/somebody`));
  expect(headers).toHaveLength(1);
  expect(Object.keys(headers[0] ?? {}).filter((name) => /trace|baggage/.test(name))).toEqual([]);
});

test("sends traces, and of an address that lets in whoever has it no more than its beginning", async () => {
  const { register } = await import("#/instrumentation.ts");
  await register();
  const { flush, startSpan } = await import("@sentry/nextjs");
  const token = `v1.${"d".repeat(120)}`;
  const attributes = {
    // As requests are named whose route is not known.
    "sentry.segment.name.source": "url" as const,
    "url.full": `https://cairn.example/decide/${token}`,
    "user.note": `cairn_${"k".repeat(43)}`,
  };
  startSpan({ name: `GET /decide/${token}`, op: "http.server", attributes }, () =>
    startSpan({ name: "read the approval" }, () => undefined),
  );
  await flush(5000);
  const sent = envelopes.find((envelope) => envelope.includes("read the approval")) ?? "";
  expect(sent).toMatch(/^\/api\/42\/envelope\//);
  expect(sent).toContain("GET /decide/[redacted]");
  expect(sent).toContain("https://cairn.example/decide/[redacted]");
  expect(sent).toContain("0123abc");
  expect(envelopes.join("\n")).not.toMatch(/d{100}|k{43}/);
});

/** A function by whose name a profile can be told. */
function pileUpStones(forMs: number): number {
  let stones = 0;
  for (const until = performance.now() + forMs; performance.now() < until;) stones += Math.sqrt(stones + 1);
  return stones;
}

interface Chunk {
  readonly profiler_id: string;
  readonly platform: string;
  readonly version: string;
  readonly release: string;
  readonly profile: {
    readonly samples: readonly { readonly stack_id: number; readonly timestamp: number }[];
    readonly stacks: readonly (readonly number[])[];
    readonly frames: readonly { readonly function: string; readonly abs_path?: string }[];
  };
}

/** What was sent of profiles, each with the line before it. */
const sentChunks = () =>
  envelopes.flatMap((envelope) => {
    const lines = envelope.split("\n");
    return lines.flatMap((line, at) =>
      line.startsWith('{"type":"profile_chunk"') ? [JSON.parse(lines[at + 1] ?? "") as Chunk] : [],
    );
  });

test("sends a profile of what a traced request does, and its spans say where it is", async () => {
  const { register } = await import("#/instrumentation.ts");
  await register();
  const { flush, startSpan } = await import("@sentry/nextjs");
  envelopes.length = 0;
  const startedAt = Date.now() / 1_000;
  const chunk = await eventually(async () => {
    startSpan({ name: "GET /stones", op: "http.server" }, () =>
      startSpan({ name: "pile up" }, () => pileUpStones(100)),
    );
    await flush(5000);
    return sentChunks().find(({ profile }) =>
      profile.frames.some(({ function: name }) => name === "pileUpStones"),
    );
  });
  expect(chunk).toMatchObject({ platform: "node", version: "2", release: "0123abc" });
  const { frames, samples, stacks } = chunk.profile;
  const at = frames.findIndex(({ function: name }) => name === "pileUpStones");
  expect(frames[at]?.abs_path).toMatch(/sentry\.test\.ts$/);
  const own = samples.filter(({ stack_id }) => stacks[stack_id]?.includes(at));
  expect(own.length).toBeGreaterThan(0);
  const now = Date.now() / 1_000;
  expect(samples.filter(({ timestamp }) => timestamp < startedAt || timestamp > now)).toEqual([]);
  const span = await eventually(() => envelopes.find((envelope) => envelope.includes("pile up")));
  expect(span).toContain(chunk.profiler_id);
  expect(span).toContain("thread.name");
});

/** Prints which files of error reporting a process has loaded once it has started to serve. */
const LOADED = `
import { registerHooks } from "node:module";
const seen = [];
registerHooks({
  resolve: (name, context, resolve) => {
    const found = resolve(name, context);
    seen.push(found.url);
    return found;
  },
});
const { register } = await import("#/instrumentation.ts");
await register();
const has = (part) => seen.some((url) => url.includes(part));
console.log(JSON.stringify({ reporter: has("/@sentry/"), profiler: has("observe/profiles.ts") }));
process.exit(0);
`;

test.each([
  ["without a DSN nothing of it", { SENTRY_PROFILES_SAMPLE_RATE: "1" }, { reporter: false, profiler: false }],
  [
    "without a share no profiler",
    { SENTRY_DSN: "http://k@127.0.0.1:9/1" },
    { reporter: true, profiler: false },
  ],
  [
    "with both the profiler",
    { SENTRY_DSN: "http://k@127.0.0.1:9/1", SENTRY_PROFILES_SAMPLE_RATE: "0.5" },
    { reporter: true, profiler: true },
  ],
])("%s is loaded by a process that serves", async (_name, variables, loaded) => {
  const args = ["--conditions=react-server", "--input-type=module", "-e", LOADED];
  const env = { ...process.env, SENTRY_DSN: "", SENTRY_PROFILES_SAMPLE_RATE: "" };
  const given = { ...env, ...DEFAULT_ENVIRONMENT, NEXT_RUNTIME: "nodejs", ...variables };
  const { stdout } = await promisify(execFile)(process.execPath, args, { env: given });
  expect(JSON.parse(stdout.trim().split("\n").at(-1) ?? "")).toEqual(loaded);
});
