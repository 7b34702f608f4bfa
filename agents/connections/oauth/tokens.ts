import * as v from "valibot";
import { fetchJson } from "#/agents/connections/oauth/fetch-json.ts";
import { isJsonObject } from "#/lib/json-object.ts";
import type { GuardedFetch } from "#/lib/outbound.ts";

/** The client as which an authority knows us. */
export const OAuthClient = v.object({
  id: v.string(),
  secret: v.optional(v.string()),
  /** True if the secret goes in the header Authorization, as for every client that an admin has registered at an API; without it, in the body. */
  usesBasic: v.optional(v.boolean()),
});
export type OAuthClient = v.InferOutput<typeof OAuthClient>;

/** The tokens of a sign-in, with all that getting more of them needs. They are kept sealed, as JSON. */
export const Tokens = v.object({
  access: v.string(),
  refresh: v.optional(v.string()),
  /** Epoch milliseconds; without it nobody has said how long the token lasts. */
  until: v.optional(v.number()),
  issuer: v.string(),
  tokenEndpoint: v.string(),
  /** The server that the tokens are for, where the authority was told of it (RFC 8707). */
  resource: v.optional(v.string()),
  client: OAuthClient,
});
export type Tokens = v.InferOutput<typeof Tokens>;

/** The part of the tokens that stays the same from one to the next. */
export type Grantor = Pick<Tokens, "issuer" | "tokenEndpoint" | "resource" | "client">;

export type Granted =
  | { readonly ok: true; readonly tokens: Tokens }
  /** `isOver`: the sign-in itself is refused, and a person has to sign in again. */
  | { readonly ok: false; readonly isOver: boolean; readonly reason: string };

const Answer = v.looseObject({
  access_token: v.pipe(v.string(), v.minLength(1), v.maxLength(65_536)),
  // Some servers leave it out, although RFC 6749 asks for it.
  token_type: v.optional(v.pipe(v.string(), v.toLowerCase(), v.literal("bearer")), "bearer"),
  refresh_token: v.optional(v.pipe(v.string(), v.maxLength(65_536))),
  expires_in: v.optional(v.pipe(v.union([v.number(), v.string()]), v.toNumber())),
});

interface Redemption {
  readonly code: string;
  readonly verifier: string;
  readonly redirectUri: string;
}

interface Ports {
  readonly fetch: GuardedFetch;
  readonly now: () => number;
}

/** Turns the code of a sign-in into tokens. */
export function redeemCode(
  ports: Ports,
  grantor: Grantor,
  { code, verifier, redirectUri }: Redemption,
): Promise<Granted> {
  return ask(ports, grantor, {
    grant_type: "authorization_code",
    code,
    code_verifier: verifier,
    redirect_uri: redirectUri,
  });
}

/** Gets a token for ourselves, by which no person is meant (RFC 6749, 4.4). */
export function askForClient(ports: Ports, grantor: Grantor, scopes: string | undefined): Promise<Granted> {
  return ask(ports, grantor, { grant_type: "client_credentials", ...(scopes && { scope: scopes }) });
}

/** Gets new tokens for old ones. An authority that gives no new refresh token leaves the old one valid. */
export async function refreshTokens(ports: Ports, { refresh, ...tokens }: Tokens): Promise<Granted> {
  if (refresh === undefined) return { ok: false, isOver: true, reason: "The sign-in is over." };
  const granted = await ask(ports, tokens, { grant_type: "refresh_token", refresh_token: refresh });
  return granted.ok
    ? { ok: true, tokens: { ...granted.tokens, refresh: granted.tokens.refresh ?? refresh } }
    : granted;
}

async function ask(
  { fetch, now }: Ports,
  { issuer, tokenEndpoint, resource, client }: Grantor,
  parameters: Readonly<Record<string, string>>,
): Promise<Granted> {
  const { fields, headers } = introduceClient(client);
  const body = new URLSearchParams({ ...parameters, ...fields, ...(resource !== undefined && { resource }) });
  const { status, json, reason } = await fetchJson(fetch, {
    url: tokenEndpoint,
    method: "POST",
    headers: {
      ...headers,
      "content-type": "application/x-www-form-urlencoded",
      accept: "application/json",
    },
    body: body.toString(),
  });
  const read = v.safeParse(Answer, json);
  if (status !== 200 || !read.success)
    return {
      ok: false,
      isOver: status === 400 || status === 401,
      reason: `${issuer} gave no token (${explain(json) ?? reason}).`,
    };
  const { access_token: access, refresh_token: refresh, expires_in: seconds } = read.output;
  const until = seconds !== undefined && seconds > 0 ? now() + seconds * 1_000 : undefined;
  return { ok: true, tokens: { access, refresh, until, issuer, tokenEndpoint, resource, client } };
}

type Fields = Readonly<Record<string, string>>;

function introduceClient({ id, secret, usesBasic }: OAuthClient): {
  readonly fields: Fields;
  readonly headers: Fields;
} {
  if (secret === undefined) return { fields: { client_id: id }, headers: {} };
  if (!usesBasic) return { fields: { client_id: id, client_secret: secret }, headers: {} };
  const pair = `${encodeURIComponent(id)}:${encodeURIComponent(secret)}`;
  return { fields: {}, headers: { authorization: `Basic ${Buffer.from(pair).toString("base64")}` } };
}

function explain(json: unknown): string | undefined {
  const told = isJsonObject(json) ? [json["error"], json["error_description"]] : [];
  const words = told.filter((text) => typeof text === "string").join(": ");
  return words === "" ? undefined : words.slice(0, 300);
}
