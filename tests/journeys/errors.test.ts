import http from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chromiumPath } from "#/tests/support/browser.ts";
import { eventually } from "#/tests/support/eventually.ts";
import { type Journey, openJourney } from "#/tests/support/journey.ts";

// Sentry's own browser SDK, in a browser, against a loopback ingest.
const envelopes: string[] = [];
const ingest = http.createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const body = Buffer.concat(chunks);
    const isPacked = request.headers["content-encoding"] === "gzip";
    envelopes.push(`${request.url} ${(isPacked ? gunzipSync(body) : body).toString()}`);
    response
      .writeHead(200, { "access-control-allow-origin": "*", "content-type": "application/json" })
      .end("{}");
  });
});

describe.skipIf(chromiumPath === undefined)(
  `errors of the browser${chromiumPath === undefined ? " (no Chromium on this machine)" : ""}`,
  () => {
    let journey: Journey;

    beforeAll(async () => {
      await new Promise<void>((resolve) => void ingest.listen(0, "127.0.0.1", () => resolve()));
      const { port } = ingest.address() as AddressInfo;
      process.env["SENTRY_DSN"] = `http://public@127.0.0.1:${port}/42`;
      process.env["SENTRY_TRACES_SAMPLE_RATE"] = "1";
      process.env["SENTRY_PROFILES_SAMPLE_RATE"] = "1";
      process.env["VERCEL_GIT_COMMIT_SHA"] = "0123abc";
      journey = await openJourney();
    });
    afterAll(async () => {
      delete process.env["SENTRY_DSN"];
      delete process.env["SENTRY_TRACES_SAMPLE_RATE"];
      delete process.env["SENTRY_PROFILES_SAMPLE_RATE"];
      delete process.env["VERCEL_GIT_COMMIT_SHA"];
      await journey?.close();
      ingest.closeAllConnections();
      await new Promise((resolve) => void ingest.close(resolve));
    });

    const sentWith = (text: string) =>
      eventually(async () => envelopes.find((envelope) => envelope.includes(text)));

    test("what breaks in a page arrives with its release and without keys; what sends it is loaded after the page", async () => {
      const { page, product } = journey;
      const loaded: string[] = [];
      page.on("request", (request) => void loaded.push(request.url()));
      await page.goto(`${product.url}/sign-in`);
      // It comes after everything else, on whatever machine this is.
      await page.waitForFunction(() => "__SENTRY__" in globalThis, undefined, { timeout: 120_000 });
      const key = `cairn_${"k".repeat(43)}`;
      await page.evaluate((secret) => {
        setTimeout(() => {
          throw new Error(`the window broke with ${secret}`);
        });
        console.error("React has caught", new Error("the panel broke"));
        console.error("only a line");
      }, key);
      const broken = await sentWith("the window broke");
      expect(broken).toMatch(/^\/api\/42\/envelope\//);
      expect(broken).toContain('"release":"0123abc"');
      expect(broken).not.toContain(key);
      expect(await sentWith("the panel broke")).toContain("0123abc");
      // A line of the console without an error is nobody's failure.
      const events = envelopes.flatMap((envelope) =>
        envelope
          .split("\n")
          .filter((line) => line.includes('"platform"') && !/"profile_chunk"|"chunk_id"/.test(line)),
      );
      expect(events.filter((event) => !event.includes('"exception"'))).toEqual([]);
      // The load of the page is a trace, the call of the server a part of one.
      const trace = await sentWith('"pageload"');
      expect(trace).toContain("/sign-in");
      expect(trace).toContain("0123abc");
      const html = await (await fetch(`${product.url}/sign-in`)).text();
      const first = [...html.matchAll(/src="([^"]+\.js)"/g)].map((match) => match[1] ?? "");
      const sources = await Promise.all(
        first.map(async (src) => (await fetch(new URL(src, product.url))).text()),
      );
      expect(first.length).toBeGreaterThan(0);
      expect(sources.some((source) => source.includes("sentry.javascript"))).toBe(false);
    });

    test("a page load and a request of the server arrive with their profiles, and without the page's address where that lets somebody in", async () => {
      const { page, product } = journey;
      envelopes.length = 0;
      const token = `v1.${"d".repeat(120)}`;
      const answer = await page.goto(`${product.url}/decide/${token}`);
      expect(answer?.headers()["document-policy"]).toBe("js-profiling");
      const sent = await sentWith('"type":"profile_chunk","platform":"javascript"');
      expect(sent).toMatch(/"release":"0123abc"/);
      expect(sent).toMatch(/_next\/static\/chunks/);
      expect(envelopes.join("\n")).not.toMatch(/d{100}/);
      expect(await sentWith('"type":"profile_chunk","platform":"node"')).toContain("0123abc");
    });
  },
);
