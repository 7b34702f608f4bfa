import { createHash } from "node:crypto";
import { type LimitRequests } from "#/lib/cloud/limits.ts";
import { readContent } from "#/lib/bytes/content.ts";
import { readBytes, unpackBody } from "#/lib/http/body.ts";
import { answerUnexpected } from "#/lib/http/guard.ts";
import { problemResponse, type Refusal, refuse } from "#/lib/http/problem.ts";
import { rateLimited } from "#/lib/http/rate-limit.ts";
import type { Strangers } from "#/lib/http/strangers.ts";
import { verifiedMessageId } from "#/lib/http/webhook-signature.ts";
import type { InlineFile } from "#/lib/inline-file.ts";

/** The webhook of an address. */
interface Hook {
  readonly id: string;
  readonly workspaceId: string;
  readonly workflowId: string;
  readonly secret: string;
}

export interface HookPorts<Tenant> {
  readonly findHook: (tokenHash: string) => Promise<Hook | undefined>;
  readonly openTenant: (workspaceId: string) => Tenant;
  readonly limitRequests: LimitRequests;
  readonly strangers: Strangers;
}

/** A delivery whose sender knows the secret. `body` is what its headers say the signed bytes are. */
export interface SignedDelivery<Tenant> {
  readonly tenant: Tenant;
  readonly hook: Hook;
  readonly messageId: string;
  readonly body: string | InlineFile;
  /** Aborted when the sender has left. */
  readonly signal: AbortSignal;
}

interface Answer {
  readonly status: number;
  /** Text goes as it is, anything else as JSON. */
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

type Handle<Tenant> = (delivery: SignedDelivery<Tenant>) => Promise<Answer | Refusal>;
type HookRoute = (
  request: Request,
  context: { readonly params: Promise<{ readonly token: string }> },
) => Promise<Response>;

const MAX_BODY_BYTES = 1_000_000;

// Neither tells what was wrong: whoever guesses learns nothing.
const NO_SUCH_ADDRESS = refuse("not-found", "There is nothing at this address.");
const NOT_ACCEPTED = refuse("unauthenticated", "This delivery was not accepted.");

/** Makes what is kept of the secret part of an address. Plain SHA-256 is enough: the token is random. */
export function hashHookToken(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

/** The door for webhooks: find the address → verify the signature over the raw body, at most five minutes old → limit → one verb → present. */
export function hookDoor<Tenant>(ports: HookPorts<Tenant>) {
  return function hookRoute(handle: Handle<Tenant>): HookRoute {
    return async (request, context) => {
      try {
        const { token } = await context.params;
        return await receive(ports, handle, { request, token });
      } catch (error) {
        return answerUnexpected(error, request);
      }
    };
  };
}

async function receive<Tenant>(
  ports: HookPorts<Tenant>,
  handle: Handle<Tenant>,
  visit: { readonly request: Request; readonly token: string },
): Promise<Response> {
  const shutOut = ports.strangers.refusalFor(visit.request);
  if (shutOut) return problemResponse(shutOut);
  const hook = await ports.findHook(hashHookToken(visit.token));
  if (!hook) return problemResponse(await ports.strangers.count(visit.request, NO_SUCH_ADDRESS));
  const { headers, signal } = visit.request;
  const signed = await readBytes(visit.request, MAX_BODY_BYTES);
  if (!signed.ok) return problemResponse(signed.refusal);
  const messageId = verifiedMessageId(hook.secret, { headers, body: signed.value });
  if (messageId === undefined)
    return problemResponse(await ports.strangers.count(visit.request, NOT_ACCEPTED));
  const decision = await ports.limitRequests("hooks", hook.workspaceId);
  if (!decision.allowed) return problemResponse(rateLimited("hooks", decision));
  const unpacked = await unpackBody(headers, signed.value, MAX_BODY_BYTES);
  if (!unpacked.ok) return problemResponse(unpacked.refusal);
  const body = readContent(unpacked.value, headers.get("content-type"));
  const answer = await handle({ tenant: ports.openTenant(hook.workspaceId), hook, messageId, body, signal });
  return "refused" in answer ? problemResponse(answer) : present(answer);
}

const WITHOUT_BODY: ReadonlySet<number> = new Set([204, 205, 304]);
/** The headers that a workflow may not set: these are about the connection, or would act for our whole site. */
const NOT_THEIRS: ReadonlySet<string> = new Set([
  "connection",
  "content-length",
  "transfer-encoding",
  "set-cookie",
  "strict-transport-security",
  "upgrade",
]);

function present({ status, body, headers = {} }: Answer): Response {
  const own = Object.fromEntries(Object.entries(headers).filter(([name]) => !NOT_THEIRS.has(name)));
  // A page of a tenant must not run scripts as our site.
  const safe = {
    "cache-control": "no-store",
    ...own,
    "content-security-policy": "sandbox",
    "x-content-type-options": "nosniff",
  };
  if (WITHOUT_BODY.has(status)) return new Response(null, { status, headers: safe });
  if (typeof body === "string")
    return new Response(body, { status, headers: { "content-type": "text/plain; charset=utf-8", ...safe } });
  return Response.json(body, { status, headers: safe });
}
