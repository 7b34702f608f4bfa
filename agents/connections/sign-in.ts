import type { ConnectionKind, SignIn } from "#/agents/vocabulary/connection.ts";
import { signInOf } from "#/agents/connections/fields.ts";

type Fields = Readonly<Record<string, string>>;

/** A connection with its credentials, as much of it as signing in needs. */
export interface SigningIn {
  readonly kind: ConnectionKind;
  readonly settings: Fields;
  readonly credentials: Fields;
}

const bearer = (token: string | undefined): Fields => (token ? { authorization: `Bearer ${token}` } : {});

/** The headers by which each kind of server knows us; kinds that leave the choice are below. */
const HEADERS: Partial<Record<ConnectionKind, (fields: Fields) => Fields>> = {
  openai: ({ apiKey }) => bearer(apiKey),
  gateway: ({ apiKey }) => bearer(apiKey),
  anthropic: ({ apiKey = "" }) => ({ "x-api-key": apiKey, "anthropic-version": "2023-06-01" }),
  google: ({ apiKey = "" }) => ({ "x-goog-api-key": apiKey }),
  "openai-compatible": ({ apiKey, keyHeader }) =>
    keyHeader && apiKey ? { [keyHeader.toLowerCase()]: apiKey } : bearer(apiKey),
  figma: ({ token = "" }) => ({ "x-figma-token": token }),
};

/** Headers that sign a request in. @param accessToken the token of an OAuth sign-in */
export function signInHeaders(
  { kind, settings, credentials }: SigningIn,
  accessToken: string | undefined,
): Fields {
  const fields = { ...settings, ...credentials };
  const own = HEADERS[kind];
  if (own) return own(fields);
  const signIn = signInOf(kind, settings);
  return signIn ? BY_SIGN_IN[signIn](fields, accessToken) : {};
}

/** For kinds that leave the choice. */
const BY_SIGN_IN: Readonly<Record<SignIn, (fields: Fields, accessToken: string | undefined) => Fields>> = {
  none: () => ({}),
  bearer: ({ token }) => bearer(token),
  basic: ({ username = "", password = "" }) => ({
    authorization: `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`,
  }),
  header: ({ headerName = "", headerValue = "" }) => ({ [headerName.toLowerCase()]: headerValue }),
  "oauth2-client": (_fields, accessToken) => bearer(accessToken),
  "oauth2-code": (_fields, accessToken) => bearer(accessToken),
};
