import { newId, newSecret } from "#/local/identity/identifier.ts";
import type { ClientRecord, IdentityStore, SessionRecord } from "#/local/identity/store.ts";

/** The sessions of people, by browser. A browser has at most one session. */
export class Sessions {
  readonly #store: IdentityStore;

  constructor(store: IdentityStore) {
    this.#store = store;
  }

  clientBySecret(secret: string | undefined): ClientRecord | undefined {
    return secret === undefined
      ? undefined
      : this.#store.find("clients", (client) => client.secret === secret);
  }

  ofClient(client: ClientRecord | undefined): SessionRecord | undefined {
    return client?.sessionId ? this.#store.get("sessions", client.sessionId) : undefined;
  }

  /** Signs a user in at a browser, in place of whoever was. The cookie is new each time, so that one planted before is worthless. */
  signIn(
    userId: string,
    before: ClientRecord | undefined,
  ): { readonly client: ClientRecord; readonly session: SessionRecord } {
    if (before) this.signOut(before);
    const clientId = newId("client");
    const session = this.start(userId, clientId);
    const client = this.#store.put("clients", {
      id: clientId,
      secret: newSecret(),
      sessionId: session.id,
      createdAt: Date.now(),
    });
    return { client, session };
  }

  /** A session starts in the organization its user joined first. */
  start(userId: string, clientId: string | null): SessionRecord {
    const now = Date.now();
    const organizationId =
      this.#store.find("memberships", (it) => it.userId === userId)?.organizationId ?? null;
    return this.#store.put("sessions", {
      id: newId("sess"),
      userId,
      clientId,
      organizationId,
      createdAt: now,
      lastActiveAt: now,
    });
  }

  activate(session: SessionRecord, organizationId: string | null): SessionRecord {
    return this.#store.put("sessions", { ...session, organizationId, lastActiveAt: Date.now() });
  }

  signOut(client: ClientRecord): void {
    if (client.sessionId !== null) this.#store.delete("sessions", client.sessionId);
    this.#store.delete("clients", client.id);
  }
}
