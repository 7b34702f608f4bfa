import { createServer } from "node:http";
import { connect } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openFrontDoor, readablePath } from "#/lib/http/front-door.ts";

test.each([
  ["/api/v1/runs/%", "/api/v1/runs/%25"],
  ["/%FF/x", "/%25FF/x"],
  ["/a/%E0%A4%A?x=%", "/a/%25E0%25A4%25A?x=%"],
  ["/a%20b/%C3%A4", "/a%20b/%C3%A4"],
])("%s is read as %s", (asked, read) => {
  expect(readablePath(asked)).toBe(read);
});

const server = createServer((request, response) => response.end(`${request.method} ${request.url}`));
let port = 0;
beforeAll(async () => {
  openFrontDoor();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  port = typeof address === "object" && address !== null ? address.port : 0;
});
afterAll(() => server.close());

test.each([
  ["GET /%", "GET /%25"],
  ["TRACE /api/v1/runs", "GET /api/method-not-allowed"],
  ["GET /plain?x=%", "GET /plain?x=%"],
])("a server sees %s as %s", async (line, seen) => {
  const answer = await new Promise<string>((resolve) => {
    let text = "";
    const socket = connect(port, "127.0.0.1", () =>
      socket.write(`${line} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`),
    );
    socket.on("data", (chunk) => {
      text += chunk.toString();
    });
    socket.on("close", () => resolve(text));
  });
  expect(answer.endsWith(seen)).toBe(true);
});
