import { createECDH, type ECDH, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import path from "node:path";
import { decrypt } from "http_ece";
import { createLocalJWKSet, jwtVerify } from "jose";
import { closeServer, listenOnLoopback } from "#/local/loopback.ts";

const CERTIFICATES = path.resolve(import.meta.dirname, "../fixtures/certificates");

/** A message as the browser that it is for reads it. */
interface Received {
  readonly device: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly message: {
    readonly web_push: number;
    readonly notification: {
      readonly title: string;
      readonly body: string;
      readonly tag: string;
      readonly navigate: string;
    };
    readonly app_badge: number;
  };
  readonly size: number;
  /** The claims of whoever has sent it. */
  readonly sender: Readonly<Record<string, unknown>>;
}

interface Browser {
  readonly pair: ECDH;
  readonly auth: Buffer;
}

/** The certificate that its callers have to trust: NODE_EXTRA_CA_CERTS. */
export const PUSH_CERTIFICATE = path.join(CERTIFICATES, "good.crt");

/** A push service on loopback with the browsers that have subscribed at it. It checks the sender and reads messages with somebody else's library. */
export async function startPushService() {
  const browsers = new Map<string, Browser>();
  const received: Received[] = [];
  const answers: { readonly status: number; readonly retryAfter?: string }[] = [];
  const tls = {
    cert: readFileSync(PUSH_CERTIFICATE),
    key: readFileSync(path.join(CERTIFICATES, "good.key")),
  };
  const server = createServer(tls, async (request, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const body = Buffer.concat(pieces);
    const device = request.url?.split("/").at(-1) ?? "";
    const browser = browsers.get(device);
    const { status, retryAfter } = answers.shift() ?? { status: browser ? 201 : 410 };
    if (status === 201 && browser) {
      const origin = `https://${request.headers.host}`;
      received.push({
        device,
        headers: request.headers,
        size: body.length,
        sender: await verifySender(String(request.headers.authorization), origin),
        message: JSON.parse(
          decrypt(body, {
            version: "aes128gcm",
            privateKey: browser.pair,
            authSecret: browser.auth,
          }).toString(),
        ) as Received["message"],
      });
    }
    response.writeHead(status, retryAfter === undefined ? {} : { "retry-after": retryAfter }).end();
  });
  const port = await listenOnLoopback(server, 0);
  const origin = `https://127.0.0.1:${port}`;
  return {
    host: `127.0.0.1:${port}`,
    origin,
    received,
    /** What it answers next, one after the other; then it takes messages. */
    answers,
    /** A browser subscribes. @returns what it tells the app */
    subscribe: (device: string) => {
      const pair = createECDH("prime256v1");
      pair.generateKeys();
      const auth = randomBytes(16);
      browsers.set(device, { pair, auth });
      return {
        endpoint: `${origin}/push/${device}`,
        keys: { p256dh: pair.getPublicKey("base64url"), auth: auth.toString("base64url") },
      };
    },
    /** A browser takes its subscription back. */
    unsubscribe: (device: string) => void browsers.delete(device),
    stop: () => closeServer(server),
  };
}

/** Checks the proof of a sender as RFC 8292 has it. @returns its claims */
async function verifySender(authorization: string, audience: string) {
  const { jwt = "", key = "" } =
    /^vapid t=(?<jwt>[\w.-]+), k=(?<key>[\w-]+)$/.exec(authorization)?.groups ?? {};
  const point = Buffer.from(key, "base64url");
  const jwks = createLocalJWKSet({
    keys: [
      {
        kty: "EC",
        crv: "P-256",
        alg: "ES256",
        x: point.subarray(1, 33).toString("base64url"),
        y: point.subarray(33).toString("base64url"),
      },
    ],
  });
  return (await jwtVerify(jwt, jwks, { audience, algorithms: ["ES256"] })).payload;
}
