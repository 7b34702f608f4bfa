import http from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { setEnvironment } from "#/tests/support/environment.ts";

// Sentry's own SDK against a loopback ingest.
const envelopes: string[] = [];
const headers: http.IncomingHttpHeaders[] = [];
const ingest = http.createServer((request, response) => {
  headers.push(request.headers);
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    envelopes.push(`${request.url} ${Buffer.concat(chunks).toString()}`);
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
