import type { Context } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { found, Refusal } from "#/local/identity/refusal.ts";
import type { Provider } from "#/local/identity/provider.ts";
import type { ClientRecord, SessionRecord, UserRecord } from "#/local/identity/store.ts";
import { publicUserData } from "#/local/identity/views.ts";

const YEAR_SECONDS = 31_536_000;
const SESSION_MS = 7 * 86_400_000;
/** Cookies of localhost are seen on every port: the app reads two of these. */
const CLIENT = "__client";
const CLIENT_UPDATED_AT = "__client_uat";
const SESSION = "__session";

/** The browser behind one request to the Frontend API: who is signed in there, and how answers to it look. */
export class Browser {
  readonly #c: Context;
  readonly #provider: Provider;
  #client: ClientRecord | undefined;

  constructor(c: Context, provider: Provider) {
    this.#c = c;
    this.#provider = provider;
    this.#client = provider.sessions.clientBySecret(getCookie(c, CLIENT));
  }

  get #isSecure(): boolean {
    return this.#provider.appUrl.startsWith("https:");
  }

  get session(): SessionRecord | undefined {
    return this.#provider.sessions.ofClient(this.#client);
  }

  /** The signed-in user. @throws Refusal when nobody is. */
  get user(): UserRecord {
    return found(this.#provider.store.get("users", this.requireSession().userId), "The user");
  }

  requireSession(): SessionRecord {
    const { session } = this;
    if (!session) throw Refusal.signedOut();
    return session;
  }

  signIn(user: UserRecord): SessionRecord {
    const { client, session } = this.#provider.sessions.signIn(user.id, this.#client);
    this.#client = client;
    setCookie(this.#c, CLIENT, client.secret, {
      httpOnly: true,
      secure: this.#isSecure,
      path: "/",
      sameSite: "Lax",
      maxAge: YEAR_SECONDS,
    });
    this.#markUpdated(session);
    this.#provider.directory.updateUser(user.id, { lastSignInAt: Date.now() });
    return session;
  }

  signOut(): void {
    if (this.#client) this.#provider.sessions.signOut(this.#client);
    this.#client = undefined;
    deleteCookie(this.#c, CLIENT, { path: "/" });
    this.#markUpdated(undefined);
  }

  /** Gives the app's server what it needs to know this browser: the two cookies that clerk-js keeps up to date otherwise. */
  async refreshAppCookies(): Promise<void> {
    const { session } = this;
    this.#markUpdated(session);
    if (!session) return void deleteCookie(this.#c, SESSION, { path: "/" });
    const token = await this.#provider.tokens.sign(session);
    setCookie(this.#c, SESSION, token, { path: "/", sameSite: "Lax", secure: this.#isSecure });
  }

  /** Every answer carries the browser's state, which clerk-js takes over. */
  async answer(response: unknown): Promise<Response> {
    return this.#c.json({ response, client: await this.clientView() });
  }

  async clientView() {
    const client = this.#client;
    if (!client) return null;
    const { session } = this;
    return {
      object: "client",
      id: client.id,
      sessions: session ? [await this.sessionView(session)] : [],
      sign_in: null,
      sign_up: null,
      captcha_bypass: false,
      last_active_session_id: session?.id ?? null,
      last_authentication_strategy: null,
      cookie_expires_at: null,
      created_at: client.createdAt,
      updated_at: Date.now(),
    };
  }

  async sessionView(session: SessionRecord) {
    const user = found(this.#provider.store.get("users", session.userId), "The user");
    const jwt = await this.#provider.tokens.sign(session);
    return {
      object: "session",
      id: session.id,
      status: "active",
      factor_verification_age: [Math.floor((Date.now() - session.createdAt) / 60_000), -1],
      expire_at: Date.now() + SESSION_MS,
      abandon_at: Date.now() + SESSION_MS,
      last_active_at: session.lastActiveAt,
      last_active_token: { object: "token", id: session.id, jwt },
      last_active_organization_id: session.organizationId,
      actor: null,
      tasks: null,
      user: this.#provider.views.user(user),
      public_user_data: publicUserData(user),
      created_at: session.createdAt,
      updated_at: session.lastActiveAt,
    };
  }

  /** The app compares this with the token's time of issue: a token older than the last change is not believed. */
  #markUpdated(session: SessionRecord | undefined): void {
    const seconds = session ? Math.floor(session.createdAt / 1000) : 0;
    setCookie(this.#c, CLIENT_UPDATED_AT, String(seconds), {
      secure: this.#isSecure,
      path: "/",
      sameSite: "Lax",
      maxAge: YEAR_SECONDS,
    });
  }
}
