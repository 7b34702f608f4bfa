import * as v from "valibot";
import { fetchJson } from "#/agents/connections/oauth/fetch-json.ts";
import type { GuardedFetch } from "#/lib/outbound.ts";

/** The addresses at which an account of a server is asked for, by RFC 9728 and RFC 8414. */
export interface Authority {
  readonly issuer: string;
  /** True if nobody has said what the authority calls itself: `issuer` is the origin of its sign-in page. */
  readonly isUnnamed?: boolean | undefined;
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  readonly registrationEndpoint: string | undefined;
  /** True if the server takes the address of a document for the name of a client. */
  readonly takesClientDocuments: boolean;
  /** True if the server's answers always say who answers (RFC 9207). */
  readonly namesItself: boolean;
  /** The resource that the tokens are for; undefined where the authority is not told of it. */
  readonly resource: string | undefined;
  /** Asked for where nobody says otherwise. */
  readonly scope: string | undefined;
}

export type Discovery =
  | { readonly ok: true; readonly authority: Authority }
  | { readonly ok: false; readonly reason: string };

const HttpUrl = v.pipe(v.string(), v.maxLength(2_048), v.url());
const Resource = v.looseObject({
  resource: HttpUrl,
  authorization_servers: v.pipe(v.array(HttpUrl), v.minLength(1)),
  scopes_supported: v.optional(v.array(v.string())),
});
const Server = v.looseObject({
  issuer: v.string(),
  authorization_endpoint: HttpUrl,
  token_endpoint: HttpUrl,
  registration_endpoint: v.optional(HttpUrl),
  code_challenge_methods_supported: v.optional(v.array(v.string()), []),
  client_id_metadata_document_supported: v.optional(v.boolean(), false),
  authorization_response_iss_parameter_supported: v.optional(v.boolean(), false),
});

/**
 * Finds out where one signs in to a server.
 * @param challenge the header WWW-Authenticate of its refusal, which may name its metadata and the scopes it wants
 */
export async function discoverAuthority(
  fetch: GuardedFetch,
  serverUrl: string,
  challenge: string,
): Promise<Discovery> {
  const resource = await findResource(fetch, serverUrl, challenge);
  if (!resource) return refuse("It does not say where to sign in. Give it a token instead.");
  if (!isResourceOf(resource.resource, serverUrl))
    return refuse(`It says that its tokens are for ${resource.resource}, which is another server.`);
  const [issuer = ""] = resource.authorization_servers;
  const server = await findServer(fetch, issuer);
  if (!server) return refuse(`${issuer} does not say how to sign in.`);
  // Whoever may answer for one issuer could otherwise speak for another.
  if (server.issuer !== issuer) return refuse(`${issuer} calls itself ${server.issuer}.`);
  if (!server.code_challenge_methods_supported.includes("S256"))
    return refuse(`${issuer} does not protect sign-ins against interception (PKCE), so none is begun there.`);
  return {
    ok: true,
    authority: {
      issuer,
      authorizationEndpoint: server.authorization_endpoint,
      tokenEndpoint: server.token_endpoint,
      registrationEndpoint: server.registration_endpoint,
      takesClientDocuments: server.client_id_metadata_document_supported,
      namesItself: server.authorization_response_iss_parameter_supported,
      resource: resource.resource,
      scope: readParameter(challenge, "scope") ?? resource.scopes_supported?.join(" "),
    },
  };
}

const refuse = (reason: string): Discovery => ({ ok: false, reason });

/** One parameter of a challenge: `Bearer realm="…", resource_metadata="…"`. */
function readParameter(challenge: string, name: string): string | undefined {
  const [, quoted, bare] =
    new RegExp(`(?:^|[\\s,])${name}=(?:"([^"]*)"|([^\\s,"]+))`, "i").exec(challenge) ?? [];
  return quoted ?? bare;
}

async function findResource(fetch: GuardedFetch, serverUrl: string, challenge: string) {
  const { origin, pathname } = new URL(serverUrl);
  const told = readParameter(challenge, "resource_metadata");
  const wellKnown = `${origin}/.well-known/oauth-protected-resource`;
  const places = told === undefined ? [`${wellKnown}${pathname.replace(/\/+$/, "")}`, wellKnown] : [told];
  return fetchFirst(fetch, places, Resource);
}

function isResourceOf(resource: string, serverUrl: string): boolean {
  const named = new URL(resource);
  const server = new URL(serverUrl);
  const path = named.pathname.replace(/\/+$/, "");
  return (
    named.origin === server.origin && (server.pathname === path || server.pathname.startsWith(`${path}/`))
  );
}

async function findServer(fetch: GuardedFetch, issuer: string) {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/\/+$/, "");
  const places = [
    `${origin}/.well-known/oauth-authorization-server${path}`,
    `${origin}/.well-known/openid-configuration${path}`,
    `${origin}${path}/.well-known/openid-configuration`,
  ];
  return fetchFirst(fetch, places, Server);
}

/** The first of some documents that is there and has its form. */
async function fetchFirst<S extends v.GenericSchema>(
  fetch: GuardedFetch,
  places: readonly string[],
  schema: S,
): Promise<v.InferOutput<S> | undefined> {
  for (const url of new Set(places)) {
    const { status, json } = await fetchJson(fetch, { url, headers: { accept: "application/json" } });
    const read = v.safeParse(schema, json);
    if (status === 200 && read.success) return read.output;
  }
  return undefined;
}
