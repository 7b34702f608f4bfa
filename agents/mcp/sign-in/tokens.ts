import * as v from "valibot";
import { fetchJson } from "#/agents/mcp/sign-in/fetch-json.ts";
import { isJsonObject } from "#/lib/json-object.ts";
import type { GuardedFetch } from "#/lib/outbound.ts";

/** The tokens of a sign-in, with all that getting more of them needs. They are kept sealed, as JSON. */
export const Tokens = v.object({
  access: v.string(),
  refresh: v.optional(v.string()),
  /** Epoch milliseconds; without it nobody has said how long the token lasts. */
  until: v.optional(v.number()),
  issuer: v.string(),
  tokenEndpoint: v.string(),
  resource: v.string(),
  client: v.object({ id: v.string(), secret: v.optional(v.string()) }),
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
  token_type: v.pipe(v.string(), v.toLowerCase(), v.literal("bearer")),
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
  const body = new URLSearchParams({ ...parameters, client_id: client.id, resource });
  if (client.secret !== undefined) body.set("client_secret", client.secret);
  const { status, json, reason } = await fetchJson(fetch, {
    url: tokenEndpoint,
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded", accept: "application/json" },
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

function explain(json: unknown): string | undefined {
  const told = isJsonObject(json) ? [json["error"], json["error_description"]] : [];
  const words = told.filter((text) => typeof text === "string").join(": ");
  return words === "" ? undefined : words.slice(0, 300);
}
