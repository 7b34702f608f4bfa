import http from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { setEnvironment } from "#/tests/support/environment.ts";

// Sentry's own SDK against a loopback ingest.
const envelopes: string[] = [];
const ingest = http.createServer((request, response) => {
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
