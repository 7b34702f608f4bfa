import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import { createServer as createPlainServer } from "node:http";
import { createServer as createTcpServer, type Server as TcpServer, type Socket } from "node:net";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { guardedFetch } from "#/lib/http/guarded-fetch.ts";

const pem = (name: string) =>
  readFileSync(new URL(`../../tests/fixtures/certificates/${name}`, import.meta.url));
const before = getCACertificates("default");
// Both are their own authorities. Of the good one it depends on the test whether it is trusted.
beforeAll(() => setDefaultCACertificates([...before, pem("expired.crt").toString()]));
afterAll(() => setDefaultCACertificates(before));

const servers: TcpServer[] = [];
const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) server.close();
});

async function listening(server: TcpServer): Promise<string> {
  servers.push(server);
  server.on("connection", (socket: Socket) => sockets.push(socket));
  await new Promise<void>((done) => void server.listen(0, "127.0.0.1", done));
  const address = server.address();
  return typeof address === "object" ? `127.0.0.1:${address?.port}` : "";
}

/** A server with this certificate that hangs up on every request that it hears. */
async function secure(certificate: string) {
  const heard: string[] = [];
  const server = createServer(
    { cert: pem(`${certificate}.crt`), key: pem(`${certificate}.key`) },
    (request, response) => {
      heard.push(request.method ?? "");
      response.destroy();
    },
  );
  return { heard, host: await listening(server) };
}

const post = (url: string, options: Parameters<typeof guardedFetch>[0]) =>
  guardedFetch(options)({ url, method: "POST", body: "{}" }).catch((error: unknown) => error);
const notConnected = (code: string) => ({ name: "NotConnected", code: "not-connected", cause: { code } });

test.each([
  ["of nobody we trust", "good", "DEPTH_ZERO_SELF_SIGNED_CERT"],
  ["that has expired", "expired", "CERT_HAS_EXPIRED"],
])("nothing is sent to a server with a certificate %s", async (_what, certificate, code) => {
  const { heard, host } = await secure(certificate);
  expect(await post(`https://${host}/`, { allowHosts: [host] })).toMatchObject(notConnected(code));
  expect(heard).toEqual([]);
});

test("what a server with a good certificate has heard may have gone through", async () => {
  const { heard, host } = await secure("good");
  setDefaultCACertificates([...before, pem("good.crt").toString()]);
  expect(await post(`https://${host}/`, { allowHosts: [host] })).toMatchObject({ code: "ECONNRESET" });
  expect(heard).toEqual(["POST"]);
});

test("nothing is sent where nobody listens, or where there is no such name", async () => {
  const nobody = "127.0.0.1:9";
  expect(await post(`http://${nobody}/`, { allowHosts: [nobody] })).toMatchObject(
    notConnected("ECONNREFUSED"),
  );
  const resolve = () => Promise.reject(Object.assign(new Error("no such name"), { code: "ENOTFOUND" }));
  expect(await post("http://nowhere.test/", { resolve })).toMatchObject(notConnected("ENOTFOUND"));
});

test("the time that is over before a connection is made, or a name is found, is over before anything is sent", async () => {
  const timedOut = {
    name: "NotConnected",
    cause: expect.objectContaining({ name: expect.stringMatching(/TimeoutError|AbortError/) }),
  };
  // No route leads to everybody.
  const unroutable = "255.255.255.255:9";
  expect(await post(`http://${unroutable}/`, { allowHosts: [unroutable], timeoutMs: 150 })).toMatchObject({
    name: "NotConnected",
  });
  const mute = await listening(createTcpServer());
  expect(await post(`https://${mute}/`, { allowHosts: [mute], timeoutMs: 150 })).toMatchObject(timedOut);
  const never = () => new Promise<never>(() => undefined);
  expect(await post("http://slow.test/", { resolve: never, timeoutMs: 150 })).toMatchObject(timedOut);
});

test("a server that takes a request and sends on to look at its answer elsewhere has heard it", async () => {
  const sendingOn = (status: number) =>
    listening(
      createPlainServer((_request, response) => {
        response.writeHead(status, { location: "http://127.0.0.1:9/" }).end();
      }),
    );
  const [taken, passedOn] = [await sendingOn(303), await sendingOn(307)];
  const allowHosts = [taken, passedOn, "127.0.0.1:9"];
  expect(await post(`http://${taken}/`, { allowHosts })).toMatchObject({ code: "ECONNREFUSED" });
  expect(await post(`http://${passedOn}/`, { allowHosts })).toMatchObject(notConnected("ECONNREFUSED"));
});
