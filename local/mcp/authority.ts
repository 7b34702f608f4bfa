import { createHash, randomBytes } from "node:crypto";
import { Hono } from "hono";
import { html } from "hono/html";

interface Grant {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly challenge: string;
}

/** Faults of the authority, by which a client can be tried. */
interface AuthorityFaults {
  /** Calls itself so in its answers. */
  issuer?: string;
  /** Is done before the next token is given. */
  beforeToken?: (() => Promise<unknown>) | undefined;
  /** Refuses refresh tokens. */
  endsSignIns?: boolean;
}

export interface Authority {
  readonly app: Hono;
  readonly faults: AuthorityFaults;
  /** Tells whether a request brings a token that is valid now. */
  readonly admits: (request: Request) => boolean;
  /** Makes the answer to somebody whom the server does not know. */
  readonly challenge: () => Response;
  /** Makes a client known, as an admin of the authority does by hand. */
  readonly register: (client: {
    readonly id: string;
    readonly secret: string;
    readonly redirectUri: string;
  }) => void;
  /** The tokens that were given so far, refreshed ones included. */
  readonly given: () => number;
  /** Ends every token; sign-ins stay. */
  readonly expireTokens: () => void;
}

const TOKEN_SECONDS = 600;

/** The memory of an authority. */
interface Memory {
  /** Redirect addresses by client. */
  readonly clients: Map<string, readonly string[]>;
  /** Of the clients that were made known by hand. */
  readonly secrets: Map<string, string>;
  given: number;
  readonly grants: Map<string, Grant>;
  readonly tokens: Set<string>;
  /** Clients by refresh token. */
  readonly refreshes: Map<string, string>;
  readonly faults: AuthorityFaults;
  readonly origin: () => string;
  /** Undefined where tokens are for whatever the authority guards. */
  readonly resource: () => string | undefined;
}

/** An OAuth authority for the server at `resource`: it registers everybody, asks a person by one button, and refreshes tokens. */
export function createAuthority(origin: () => string, resource: () => string | undefined): Authority {
  const memory: Memory = {
    clients: new Map(),
    secrets: new Map(),
    given: 0,
    grants: new Map(),
    tokens: new Set(),
    refreshes: new Map(),
    faults: {},
    origin,
    resource,
  };
  const app = new Hono();
  serveMetadata(app, memory);
  serveConsent(app, memory);
  app.post("/token", async (c) => {
    await memory.faults.beforeToken?.();
    return giveToken(memory, new URLSearchParams(await c.req.text()), c.req.header("authorization"));
  });
  return {
    app,
    faults: memory.faults,
    admits: (request) =>
      memory.tokens.has((request.headers.get("authorization") ?? "").replace(/^Bearer /, "")),
    challenge: () =>
      new Response(null, {
        status: 401,
        headers: {
          "www-authenticate": `Bearer resource_metadata="${origin()}/.well-known/oauth-protected-resource/private/mcp", scope="orders"`,
        },
      }),
    register: ({ id, secret, redirectUri }) => {
      memory.clients.set(id, [redirectUri]);
      memory.secrets.set(id, secret);
    },
    given: () => memory.given,
    expireTokens: () => memory.tokens.clear(),
  };
}

function serveMetadata(app: Hono, { clients, origin, resource }: Memory): void {
  app.get("/.well-known/oauth-authorization-server", (c) =>
    c.json({
      issuer: origin(),
      authorization_endpoint: `${origin()}/authorize`,
      token_endpoint: `${origin()}/token`,
      registration_endpoint: `${origin()}/register`,
      code_challenge_methods_supported: ["S256"],
      authorization_response_iss_parameter_supported: true,
    }),
  );
  app.get("/.well-known/oauth-protected-resource/*", (c) =>
    c.json({ resource: resource(), authorization_servers: [origin()], scopes_supported: ["orders"] }),
  );
  app.post("/register", async (c) => {
    const { redirect_uris: uris } = await c.req.json<{ redirect_uris: readonly string[] }>();
    const id = randomBytes(8).toString("hex");
    clients.set(id, uris);
    return c.json({ client_id: id, redirect_uris: uris }, 201);
  });
}

type Asked = Readonly<Record<string, string>>;

function serveConsent(app: Hono, memory: Memory): void {
  app.get("/authorize", (c) => (isFit(memory, c.req.query()) ? c.html(CONSENT) : c.text(UNFIT, 400)));
  app.post("/authorize", async (c) => {
    const asked: Asked = c.req.query();
    if (!isFit(memory, asked)) return c.text(UNFIT, 400);
    const said = (await c.req.parseBody())["say"];
    return c.redirect(sendBack(memory, asked, said === "yes"), 303);
  });
}

const UNFIT = "This client is not known here, or asks for something else.";
const CONSENT = html`<!doctype html>
  <title>Order desk</title>
  <main style="font:16px system-ui;margin:4rem auto;max-width:24rem">
    <h1>Order desk</h1>
    <p>Cairn asks to work with your orders.</p>
    <form method="post">
      <button name="say" value="yes">Allow</button> <button name="say" value="no">Deny</button>
    </form>
  </main>`;

const isFit = ({ clients, resource }: Memory, asked: Asked): boolean =>
  clients.get(asked["client_id"] ?? "")?.includes(asked["redirect_uri"] ?? "") === true &&
  asked["code_challenge_method"] === "S256" &&
  asked["resource"] === resource();

function sendBack({ grants, faults, origin }: Memory, asked: Asked, isAllowed: boolean): string {
  const {
    redirect_uri: redirectUri = "",
    state = "",
    code_challenge: challenge = "",
    client_id: clientId = "",
  } = asked;
  const back = new URL(redirectUri);
  const code = randomBytes(16).toString("hex");
  if (isAllowed) grants.set(code, { clientId, redirectUri, challenge });
  const answer = isAllowed ? { code } : { error: "access_denied", error_description: "The person said no." };
  for (const [name, value] of Object.entries({ ...answer, state, iss: faults.issuer ?? origin() }))
    back.searchParams.set(name, value);
  return back.href;
}

function giveToken(memory: Memory, form: URLSearchParams, header: string | undefined): Response {
  const clientId = identifyClient(memory, form, header);
  if (clientId === undefined) return Response.json({ error: "invalid_client" }, { status: 401 });
  if ((form.get("resource") ?? undefined) !== memory.resource())
    return Response.json({ error: "invalid_target" }, { status: 400 });
  if (!mayHaveToken(memory, form, clientId))
    return Response.json({ error: "invalid_grant" }, { status: 400 });
  memory.given += 1;
  const [access, refresh] = [randomBytes(16).toString("hex"), randomBytes(16).toString("hex")];
  memory.tokens.add(access);
  memory.refreshes.set(refresh, clientId);
  return Response.json({
    access_token: access,
    token_type: "Bearer",
    expires_in: TOKEN_SECONDS,
    refresh_token: refresh,
  });
}

/** The client that asks: by name and password where it has one, by its name where it has none. */
function identifyClient({ secrets }: Memory, form: URLSearchParams, header = ""): string | undefined {
  const [id = "", secret] = Buffer.from(header.replace(/^Basic /, ""), "base64")
    .toString()
    .split(":");
  if (secret !== undefined)
    return secrets.get(decodeURIComponent(id)) === decodeURIComponent(secret) ? id : undefined;
  const named = form.get("client_id") ?? "";
  return secrets.has(named) ? undefined : named;
}

function mayHaveToken(memory: Memory, form: URLSearchParams, clientId: string): boolean {
  const kind = form.get("grant_type");
  if (kind === "client_credentials") return memory.secrets.has(clientId);
  return (
    (kind === "refresh_token" ? takeRefresh(memory, form) : takeGrant(memory, form, clientId)) === clientId
  );
}

/** The client that a refresh token was given to. The token counts once. */
function takeRefresh({ refreshes, faults }: Memory, form: URLSearchParams): string | undefined {
  const refresh = form.get("refresh_token") ?? "";
  const clientId = refreshes.get(refresh);
  refreshes.delete(refresh);
  return faults.endsSignIns === true ? undefined : clientId;
}

/** The client that a code stands for, once, for whoever began it. */
function takeGrant({ grants }: Memory, form: URLSearchParams, clientId: string): string | undefined {
  const code = form.get("code") ?? "";
  const grant = grants.get(code);
  grants.delete(code);
  const challenge = createHash("sha256")
    .update(form.get("code_verifier") ?? "")
    .digest("base64url");
  const fits =
    grant?.challenge === challenge &&
    grant.clientId === clientId &&
    grant.redirectUri === form.get("redirect_uri");
  return fits ? grant.clientId : undefined;
}
