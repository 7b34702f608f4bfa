import { generateKeyPairSync } from "node:crypto";
import { rmSync } from "node:fs";
import { createAdaptorServer } from "@hono/node-server";
import { createClerkClient } from "@clerk/nextjs/server";
import { Hono } from "hono";
import { NextRequest } from "next/server";
import { startIdentity } from "#/local/identity/serve.ts";
import { closeServer, listenOnLoopback } from "#/local/loopback.ts";
import { scratchDirectory } from "#/tests/support/scratch-directory.ts";

export const APP_URL = "http://localhost:3000";
export const ISSUER = "https://clerk.cairn.local";
export const WEBHOOK_SECRET = `whsec_${Buffer.from("a secret for signing webhooks").toString("base64")}`;
export const PUBLISHABLE_KEY = `pk_live_${Buffer.from("clerk.cairn.local$").toString("base64")}`;
export const SECRET_KEY = "sk_live_contract";

const keys = generateKeyPairSync("rsa", { modulusLength: 2048 });
const PRIVATE_KEY = String(keys.privateKey.export({ type: "pkcs8", format: "pem" }));
export const PUBLIC_KEY = String(keys.publicKey.export({ type: "spki", format: "pem" }));

/** A folder that is gone when `remove` is called. */
export function temporaryFolder() {
  const folder = scratchDirectory();
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** The identity provider of the loopback cloud, for pages of `appUrl`. Without a webhook address its events go nowhere. */
export function startTestIdentity({
  file,
  webhookUrl = "http://127.0.0.1:9/",
  appUrl = APP_URL,
  admits = "everybody",
}: {
  readonly file: string;
  readonly webhookUrl?: string;
  readonly appUrl?: string;
  readonly admits?: "everybody" | "invited";
}) {
  const webhook = { url: webhookUrl, secret: WEBHOOK_SECRET };
  return startIdentity({
    port: 0,
    appUrl,
    admits,
    file,
    issuer: ISSUER,
    privateKeyPem: PRIVATE_KEY,
    secretKey: SECRET_KEY,
    webhook,
  });
}

/** The official server SDK, unmodified. */
export function clerkFor(port: number, secretKey = SECRET_KEY) {
  return createClerkClient({
    secretKey,
    publishableKey: PUBLISHABLE_KEY,
    apiUrl: `http://127.0.0.1:${port}`,
    jwtKey: PUBLIC_KEY,
    telemetry: { disabled: true },
  });
}
export type Clerk = ReturnType<typeof clerkFor>;

/** A user `<name>@cairn.test` with password `password-of-<name>`, admin of the organization "<name> Works". */
export async function addPerson(clerk: Clerk, name: string) {
  const email = `${name}@cairn.test`;
  const password = `password-of-${name}`;
  const user = await clerk.users.createUser({
    emailAddress: [email],
    password,
    firstName: name,
    lastName: "Test",
  });
  const organization = await clerk.organizations.createOrganization({
    name: `${name} Works`,
    createdBy: user.id,
  });
  return { user, organization, email, password };
}

/** A session token, as a signed-in page would send it. */
export async function tokenFor(clerk: Clerk, userId: string, expiresInSeconds?: number): Promise<string> {
  const session = await clerk.sessions.createSession({ userId });
  return (await clerk.sessions.getToken(session.id, "", expiresInSeconds)).jwt;
}

interface ReceivedWebhook {
  readonly id: string;
  readonly request: NextRequest;
}

/** Receives webhooks and answers them; `requests` keeps a copy of each. */
export async function startReceiver(
  answer: (request: NextRequest, attempt: number) => Response | Promise<Response> = () =>
    new Response(null, { status: 204 }),
) {
  const received: ReceivedWebhook[] = [];
  const app = new Hono().post("/api/clerk", async (c) => {
    const body = await c.req.text();
    const copy = () => new NextRequest(c.req.url, { method: "POST", headers: c.req.raw.headers, body });
    received.push({ id: c.req.header("svix-id") ?? "", request: copy() });
    return answer(copy(), received.length);
  });
  const server = createAdaptorServer({ fetch: app.fetch });
  const port = await listenOnLoopback(server, 0);
  return { received, url: `http://127.0.0.1:${port}/api/clerk`, stop: () => closeServer(server) };
}

/** A page of the app as far as the Frontend API can see it: an origin and cookies. */
export class Page {
  readonly #api: string;
  readonly #origin: string;
  cookies: Record<string, string> = {};
  sessionId = "";

  constructor(port: number, origin: string) {
    this.#api = `http://127.0.0.1:${port}/v1`;
    this.#origin = origin;
  }

  async response(where: string, init: RequestInit = {}): Promise<Response> {
    const cookie = Object.entries(this.cookies)
      .map(([name, value]) => `${name}=${value}`)
      .join("; ");
    const response = await fetch(this.#api + where, {
      ...init,
      redirect: "manual",
      headers: { origin: this.#origin, cookie },
    });
    const fresh = response.headers.getSetCookie().map((line) => line.split(";")[0]!.split("="));
    this.cookies = { ...this.cookies, ...Object.fromEntries(fresh) };
    return response;
  }

  async get(where: string): Promise<Answer> {
    return readAnswer(await this.response(where));
  }

  async post(where: string, form: Record<string, string>): Promise<Answer> {
    return readAnswer(await this.response(where, { method: "POST", body: new URLSearchParams(form) }));
  }

  /** Signs in with e-mail and password. */
  async signIn(identifier: string, password: string): Promise<void> {
    const { response } = await this.post("/client/sign_ins", { identifier, password });
    this.sessionId = String(response["created_session_id"]);
  }

  /** A fresh session token. */
  async token(): Promise<string> {
    const { response } = await this.get("/client");
    const { jwt } = await this.post(
      `/client/sessions/${String(response["last_active_session_id"])}/tokens`,
      {},
    );
    return jwt ?? "";
  }
}

/** An answer of the Frontend API; tests compare what it holds. */
interface Answer {
  readonly response: Readonly<Record<string, unknown>>;
  readonly errors?: readonly unknown[];
  readonly jwt?: string;
}

async function readAnswer(response: Response): Promise<Answer> {
  const answer: Answer = JSON.parse(await response.text());
  return answer;
}
