import * as v from "valibot";
import { StepError } from "#/agents/steps/step-error.ts";
import type { GuardedFetch } from "#/lib/outbound.ts";
import { isJsonObject } from "#/lib/json-object.ts";

type Fields = Readonly<Record<string, string>>;

interface Token {
  readonly value: string;
  readonly until: number;
}

/** Tokens by what they were got with: one lasts for minutes to hours, and a process asks once. */
const tokens = new Map<string, Token>();
const MOST_TOKENS = 1_000;
/** A token is not used up to its last second: clocks differ, and a request takes time. */
const MARGIN_MS = 60_000;
const USUAL_SECONDS = 300;
const LONGEST_SECONDS = 24 * 3600;

const Answer = v.looseObject({
  access_token: v.pipe(v.string(), v.minLength(1), v.maxLength(16_384)),
  expires_in: v.optional(v.pipe(v.union([v.number(), v.string()]), v.transform(Number))),
});

/**
 * A token by OAuth's client credentials (RFC 6749, 4.4), kept until shortly before its end.
 * @param key names the connection and its state: a changed one gets a new token
 * @throws StepError when the server gives none
 */
export async function clientToken(key: string, fields: Fields, fetch: GuardedFetch): Promise<string> {
  const known = tokens.get(key);
  if (known && known.until > Date.now()) return known.value;
  const token = await askForToken(fields, fetch);
  if (tokens.size >= MOST_TOKENS) tokens.clear();
  tokens.set(key, token);
  return token.value;
}

/** Forgets a token that was refused before its time, so that the next request asks for another. */
export function forgetToken(key: string): void {
  tokens.delete(key);
}

async function askForToken(fields: Fields, fetch: GuardedFetch): Promise<Token> {
  const { tokenUrl = "", clientId = "", clientSecret = "", scopes } = fields;
  const basic = `${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`;
  const answer = await fetch({
    url: tokenUrl,
    method: "POST",
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      accept: "application/json",
      authorization: `Basic ${Buffer.from(basic).toString("base64")}`,
    },
    body: new URLSearchParams({
      grant_type: "client_credentials",
      ...(scopes && { scope: scopes }),
    }).toString(),
    staysAtOrigin: true,
  });
  const json = parsed(answer.body);
  const read = v.safeParse(Answer, json);
  if (answer.status === 200 && read.success) {
    const { access_token: value, expires_in: seconds } = read.output;
    const lasts = Math.min(seconds !== undefined && seconds > 0 ? seconds : USUAL_SECONDS, LONGEST_SECONDS);
    return { value, until: Date.now() + Math.max(lasts * 1000 - MARGIN_MS, 0) };
  }
  throw new StepError(
    "connection-refused",
    `${describeRefusal(answer.status, json)} Check client ID, secret and scopes.`,
    {
      retryable: answer.status >= 500 || answer.status === 429,
    },
  );
}

function parsed(body: unknown): unknown {
  try {
    return typeof body === "string" ? JSON.parse(body) : undefined;
  } catch {
    return undefined;
  }
}

function describeRefusal(status: number, json: unknown): string {
  const told = isJsonObject(json) ? [json["error"], json["error_description"]] : [];
  const words = told.filter((text) => typeof text === "string").join(": ");
  return `The token address gave no token (${status}${words && `, ${words.slice(0, 300)}`}).`;
}
