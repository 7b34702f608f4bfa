import { createServer, type RequestListener, type Server } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { gzipSync } from "node:zlib";
import { guardedFetch, guardedStream, type GuardedFetchOptions } from "#/lib/http/guarded-fetch.ts";
import { isPublic } from "#/lib/http/public-address.ts";
import type { OutboundResponse } from "#/lib/outbound.ts";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

/** A server on 127.0.0.1. @returns its host:port. */
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((listening) => {
    server.listen(0, "127.0.0.1", listening);
  });
  const address = server.address();
  return typeof address === "object" ? `127.0.0.1:${address?.port}` : "";
}

const echo: RequestListener = (request, response) => {
  let body = "";
  request.on("data", (piece: Buffer) => (body += piece.toString()));
  request.on("end", () =>
    response.end(
      JSON.stringify({ method: request.method, url: request.url, headers: request.headers, body }),
    ),
  );
};

const redirectTo =
  (location: string, status = 302): RequestListener =>
  (_request, response) =>
    response.writeHead(status, { location }).end();
const get = async (url: string, options: GuardedFetchOptions = {}) => guardedFetch(options)({ url });
const refused = { name: "OutboundRefused", code: "forbidden-address" };

/** @throws when it is no text */
function readText({ body }: OutboundResponse): string {
  if (typeof body !== "string") throw new Error(`not text: ${body.contentType}`);
  return body;
}

describe("which addresses are public", () => {
  it.each(["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8"])("%s is", (address) => {
    expect(isPublic(address)).toBe(true);
  });

  it.each([
    "127.0.0.1",
    "127.8.8.8",
    "0.0.0.0",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "100.100.100.200",
    "192.0.0.192",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "168.63.129.16",
    "::",
    "::1",
    "::7f00:1",
    "::8.8.8.8",
    "4000::1",
    "1000::1",
    "fe80::1",
    "fd00:ec2::254",
    "fec0::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:a00:1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "2001:db8::1",
    "not an address",
  ])("%s is not", (address) => {
    expect(isPublic(address)).toBe(false);
  });
});

describe("guarded fetch", () => {
  it.each([
    "http://127.0.0.1/",
    "http://localhost/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0177.0.0.1/",
    "http://127.1/",
    "http://0/",
    "http://[::1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://169.254.169.254/latest/meta-data/",
    "http://127.0.0.1./",
    "http://①②⑦.0.0.1/",
  ])("refuses %s", async (url) => {
    await expect(get(url)).rejects.toMatchObject(refused);
  });

  it.each([
    "file:///etc/passwd",
    "ftp://example.com/",
    "data:text/plain,x",
    "gopher://127.0.0.1/",
    "http://user:pw@example.com/",
    "nonsense",
  ])("refuses the address %s", async (url) => {
    await expect(get(url)).rejects.toMatchObject({ code: "unsupported-url" });
  });

  it("refuses a name that resolves to a private address, even beside a public one", async () => {
    const both = () =>
      Promise.resolve([
        { address: "8.8.8.8", family: 4 },
        { address: "10.0.0.5", family: 4 },
      ]);
    await expect(get("http://rebind.example/", { resolve: both })).rejects.toMatchObject(refused);
  });

  it("connects to the address that was checked, whatever the name says later", async () => {
    let lookups = 0;
    // Nobody answers there in time; what counts is that the system, which does not know the name, was not asked.
    const once = () => {
      lookups += 1;
      return Promise.resolve([{ address: "8.8.8.8", family: 4 }]);
    };
    const failure = await get("http://pinned.invalid:9/", { resolve: once, timeoutMs: 300 }).catch(
      (error: unknown) => error,
    );
    expect(failure).not.toMatchObject({ code: "ENOTFOUND" });
    expect(lookups).toBe(1);
  });

  it("reaches a listed host", async () => {
    const host = await serve(echo);
    const response = await guardedFetch({ allowHosts: [host] })({
      url: `http://${host}/a?b=1`,
      method: "post",
      headers: { "X-One": "1", Host: "other.example" },
      body: "hello",
    });
    expect(response).toMatchObject({ status: 200, url: `http://${host}/a?b=1` });
    expect(JSON.parse(readText(response))).toMatchObject({
      method: "POST",
      url: "/a?b=1",
      body: "hello",
      headers: { "x-one": "1", host },
    });
  });

  it("lists a port, not the whole host", async () => {
    const host = await serve(echo);
    const other = await serve(echo);
    await expect(get(`http://${other}/`, { allowHosts: [host] })).rejects.toMatchObject(refused);
    await expect(get(`http://${other}/`, { allowHosts: ["127.0.0.1"] })).resolves.toMatchObject({
      status: 200,
    });
  });

  it.each(["http://127.0.0.1:1/", "http://localhost:1/", "http://0x7f.1:1/", "//[::1]:1/"])(
    "refuses a redirect to %s",
    async (location) => {
      const host = await serve(redirectTo(location));
      await expect(get(`http://${host}/`, { allowHosts: [host] })).rejects.toMatchObject(refused);
    },
  );

  it("refuses a redirect to a file", async () => {
    const host = await serve(redirectTo("file:///etc/passwd"));
    await expect(get(`http://${host}/`, { allowHosts: [host] })).rejects.toMatchObject({
      code: "unsupported-url",
    });
  });

  it("follows a redirect as browsers do and leaves credentials behind at another origin", async () => {
    const target = await serve(echo);
    const host = await serve(redirectTo(`http://${target}/there`, 303));
    const response = await guardedFetch({ allowHosts: [host, target] })({
      url: `http://${host}/`,
      method: "POST",
      headers: { authorization: "Bearer secret", "x-kept": "1" },
      body: "hello",
    });
    const seen: unknown = JSON.parse(readText(response));
    expect(seen).toMatchObject({ method: "GET", url: "/there", body: "", headers: { "x-kept": "1" } });
    expect(seen).not.toHaveProperty("headers.authorization");
    expect(response.url).toBe(`http://${target}/there`);
  });

  it("stays at its origin when it carries secrets", async () => {
    let reached = 0;
    const target = await serve((_request, response) => {
      reached += 1;
      response.end();
    });
    const elsewhere = await serve(redirectTo(`http://${target}/there`, 307));
    const request = { method: "POST", headers: { "x-key": "secret" }, body: "secret", staysAtOrigin: true };
    const fetch = guardedFetch({ allowHosts: [elsewhere, target] });
    await expect(fetch({ ...request, url: `http://${elsewhere}/` })).rejects.toMatchObject({
      code: "redirected-elsewhere",
    });
    expect(reached).toBe(0);
    const here = await serve((incoming, response) =>
      incoming.url === "/" ? response.writeHead(302, { location: "/there" }).end() : response.end("here"),
    );
    await expect(
      guardedFetch({ allowHosts: [here] })({ ...request, url: `http://${here}/` }),
    ).resolves.toMatchObject({ body: "here" });
  });

  it("gives up after five redirects", async () => {
    let hits = 0;
    const host = await serve((_request, response) => {
      hits += 1;
      response.writeHead(302, { location: "/again" }).end();
    });
    await expect(get(`http://${host}/`, { allowHosts: [host] })).rejects.toMatchObject({
      code: "too-many-redirects",
    });
    expect(hits).toBe(6);
  });

  it("stops reading an answer that is too large, and says so", async () => {
    const host = await serve((_request, response) => response.end("x".repeat(5000)));
    await expect(get(`http://${host}/`, { allowHosts: [host], maxBytes: 4999 })).resolves.toMatchObject({
      body: "x".repeat(4999),
      truncated: true,
    });
    const whole = await get(`http://${host}/`, { allowHosts: [host], maxBytes: 5000 });
    expect(whole).toMatchObject({ status: 200, body: "x".repeat(5000) });
    expect(whole).not.toHaveProperty("truncated");
  });

  it("gives up on an answer that never ends, and when the caller does", async () => {
    const host = await serve((_request, response) => void response.write("one"));
    await expect(get(`http://${host}/`, { allowHosts: [host], timeoutMs: 200 })).rejects.toThrow("abort");
    const stop = new AbortController();
    const pending = guardedFetch({ allowHosts: [host] })({ url: `http://${host}/`, signal: stop.signal });
    stop.abort();
    await expect(pending).rejects.toThrow("abort");
  });
});

describe("guarded stream", () => {
  const open = async (listener: RequestListener, options: GuardedFetchOptions = {}) => {
    const host = await serve(listener);
    return guardedStream({ allowHosts: [host], ...options })({ url: `http://${host}/` });
  };
  const textOfStream = async (pieces: AsyncIterable<Uint8Array>) =>
    Buffer.concat(await Array.fromAsync(pieces)).toString();

  it("gives pieces as they come, and ends the connection when they are left", async () => {
    const left = Promise.withResolvers<void>();
    const { pieces, status } = await open((_request, response) => {
      response.once("close", left.resolve).write("first");
    });
    expect(status).toBe(200);
    for await (const piece of pieces) {
      expect(Buffer.from(piece).toString()).toBe("first");
      break;
    }
    await left.promise;
  });

  it("ends the connection when it is closed unread", async () => {
    const left = Promise.withResolvers<void>();
    const stream = await open(
      (_request, response) => void response.once("close", left.resolve).write("first"),
    );
    stream.close();
    await expect(left.promise).resolves.toBeUndefined();
  });

  it("stops within its size and within its time", async () => {
    const large = await open((_request, response) => response.end("a".repeat(100)), { maxBytes: 99 });
    await expect(textOfStream(large.pieces)).rejects.toMatchObject({ code: "answer-too-large" });
    const slow = await open((_request, response) => void response.write("a"), { timeoutMs: 100 });
    await expect(textOfStream(slow.pieces)).rejects.toMatchObject({ name: "TimeoutError" });
  });

  it("unpacks what was packed unasked, and counts what comes out", async () => {
    const packed = gzipSync("a".repeat(1_000));
    const send: RequestListener = (_request, response) =>
      response.writeHead(200, { "content-encoding": "gzip" }).end(packed);
    expect(await textOfStream((await open(send)).pieces)).toBe("a".repeat(1_000));
    const small = await open(send, { maxBytes: 500 });
    await expect(textOfStream(small.pieces)).rejects.toMatchObject({ code: "answer-too-large" });
  });

  it("goes where guarded fetch goes, and nowhere else", async () => {
    const host = await serve(echo);
    await expect(guardedStream()({ url: `http://${host}/` })).rejects.toMatchObject(refused);
  });
});
