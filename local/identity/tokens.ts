import { createPublicKey, randomUUID } from "node:crypto";
import { importPKCS8, SignJWT } from "jose";
import type { IdentityStore, SessionRecord } from "#/local/identity/store.ts";

const KEY_ID = "ins_cairn_local";
/** As at Clerk: short enough that a removed member is out within a minute; clerk-js fetches the next one in time. */
const LIFETIME_SECONDS = 60;
/** Tokens are valid a little before they are made: the clocks of two processes may differ. */
const LEEWAY_SECONDS = 5;

export interface TokenOptions {
  readonly issuer: string;
  /** The only party that tokens are made for: their `azp`. */
  readonly appUrl: string;
  readonly privateKeyPem: string;
}

export interface TokenWish {
  /** Undefined means the session's active organization. */
  readonly organizationId?: string | null | undefined;
  readonly lifetimeSeconds?: number | undefined;
}

/** Signs session tokens with the claims of Clerk's version 2. */
export class TokenIssuer {
  readonly #store: IdentityStore;
  readonly #issuer: string;
  readonly #appUrl: string;
  readonly #key: CryptoKey;
  /** The public key, as /v1/jwks shows it. */
  readonly jwks: { readonly keys: readonly unknown[] };

  private constructor(store: IdentityStore, { issuer, appUrl, privateKeyPem }: TokenOptions, key: CryptoKey) {
    this.#store = store;
    this.#issuer = issuer;
    this.#appUrl = appUrl;
    this.#key = key;
    this.jwks = {
      keys: [
        {
          ...createPublicKey(privateKeyPem).export({ format: "jwk" }),
          kid: KEY_ID,
          use: "sig",
          alg: "RS256",
        },
      ],
    };
  }

  static async open(store: IdentityStore, options: TokenOptions): Promise<TokenIssuer> {
    return new TokenIssuer(store, options, await importPKCS8(options.privateKeyPem, "RS256"));
  }

  async sign(
    session: SessionRecord,
    { organizationId, lifetimeSeconds = LIFETIME_SECONDS }: TokenWish = {},
  ): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const organization = this.#organizationClaim(
      session,
      organizationId === undefined ? session.organizationId : organizationId,
    );
    const claims = {
      sid: session.id,
      azp: this.#appUrl,
      fva: [Math.floor((Date.now() - session.createdAt) / 60_000), -1],
      sts: "active",
      v: 2,
      ...(organization && { o: organization }),
    };
    return new SignJWT(claims)
      .setProtectedHeader({ alg: "RS256", typ: "JWT", kid: KEY_ID, cat: "cl_B7d4PD111AAA" })
      .setIssuer(this.#issuer)
      .setSubject(session.userId)
      .setJti(randomUUID())
      .setIssuedAt(now)
      .setNotBefore(now - LEEWAY_SECONDS)
      .setExpirationTime(now + lifetimeSeconds)
      .sign(this.#key);
  }

  /** Nothing for an organization the user is not, or no longer, a member of. */
  #organizationClaim({ userId }: SessionRecord, organizationId: string | null) {
    const membership = this.#store.find(
      "memberships",
      (it) => it.userId === userId && it.organizationId === organizationId,
    );
    const organization = membership && this.#store.get("organizations", membership.organizationId);
    return (
      organization && {
        id: organization.id,
        slg: organization.slug,
        rol: membership.role.slice("org:".length),
      }
    );
  }
}
