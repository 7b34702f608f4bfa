import { apiKeyFrom, hashApiKey } from "#/lib/auth/api-key.ts";
import { isForAdmins, type Role, roleAllows } from "#/lib/auth/permissions.ts";
import { allows, type Key, type Person, type Principal, principalId } from "#/lib/auth/principal.ts";
import type { LimitRequests } from "#/lib/cloud/limits.ts";
import type { Contract, Reply, WorkspaceAccess } from "#/lib/http/contract.ts";
import { answerUnexpected } from "#/lib/http/guard.ts";
import { keep, type KeepRequest } from "#/lib/http/idempotency.ts";
import { type Nearest, type ParsedRequest, parseRequest } from "#/lib/http/parse-request.ts";
import { type Outcome, problemResponse, type Refusal, refuse } from "#/lib/http/problem.ts";
import { rateLimited, rateLimitHeaders } from "#/lib/http/rate-limit.ts";
import { isOwnOrigin } from "#/lib/http/same-origin.ts";
import { NOT_IDENTIFIED, type Strangers } from "#/lib/http/strangers.ts";

/** What the door for people and API keys needs to know of the product. */
export interface ApiPorts<Tenant> {
  readonly currentPerson: () => Promise<Person | undefined>;
  readonly findKey: (hash: string) => Promise<Key | undefined>;
  /** Whether the key was valid a moment ago, which takes no look-up. */
  readonly knowsKey: (hash: string) => boolean;
  readonly strangers: Strangers;
  /** The handle that confines everything after it to the caller's workspace. */
  readonly openTenant: (principal: Principal) => Tenant;
  readonly limitRequests: LimitRequests;
  readonly nearest: Nearest;
  /** What a person is in the workspace by the members table; undefined when they are in it no more. */
  readonly currentRole: (principal: Principal) => Promise<Role | undefined>;
  readonly keepRequest: KeepRequest<Tenant>;
  /** What is to happen with a request that made nothing. */
  readonly forgetRequest: (
    tenant: Tenant,
    request: { readonly operation: string; readonly key: string },
  ) => Promise<void>;
  /** Writes down who changed what. */
  readonly audit: (
    tenant: Tenant,
    principal: Principal,
    change: { readonly action: string; readonly targetId: string },
  ) => Promise<void>;
}

/** A contract for people and API keys. */
export type ApiContract = Contract & { readonly access: WorkspaceAccess };

/** A request that may be answered: parsed, and confined to the caller's workspace. */
interface Call<C extends ApiContract, Tenant> extends ParsedRequest<C> {
  /** Who calls, as operations are told. */
  readonly caller: { readonly tenant: Tenant; readonly principal: Principal };
  /** For what the contract cannot say: streams and uploads. */
  readonly request: Request;
  /** The id of what the request makes. The same request under the same Idempotency-Key has the same, and makes nothing again. */
  readonly newId: string;
}

/** Answers as the contract says, refuses, or streams. */
type Handle<C extends ApiContract, Tenant> = (
  call: Call<C, Tenant>,
) => Promise<Reply<C> | Refusal | Response>;

type RouteContext = { readonly params: Promise<Readonly<Record<string, string | string[] | undefined>>> };
export type Route = (request: Request, context: RouteContext) => Promise<Response>;

/** The door for people and API keys: identify → authorize → limit → parse → one verb → present. Strangers' bodies are not even read. */
export function apiDoor<Tenant>(ports: ApiPorts<Tenant>) {
  return function apiRoute<const C extends ApiContract>(contract: C, handle: Handle<C, Tenant>): Route {
    return async (request, context) => {
      try {
        return await enter(ports, { contract, handle, request, context });
      } catch (error) {
        return answerUnexpected(error, request);
      }
    };
  };
}

interface Visit<C extends ApiContract, Tenant> {
  readonly contract: C;
  readonly handle: Handle<C, Tenant>;
  readonly request: Request;
  readonly context: RouteContext;
}

async function enter<C extends ApiContract, Tenant>(
  ports: ApiPorts<Tenant>,
  { contract, handle, request, context }: Visit<C, Tenant>,
): Promise<Response> {
  const admitted = await admit(ports, contract, request);
  if (!admitted.ok) return problemResponse(admitted.refusal);
  const { principal, headers } = admitted.value;
  const parsed = await parseRequest({ contract, request, routeParams: context.params }, ports.nearest);
  if (!parsed.ok) return problemResponse(parsed.refusal, headers);
  const tenant = ports.openTenant(principal);
  const kept = await keep(ports, tenant, { contract, parsed: parsed.value });
  if (!kept.ok) return problemResponse(kept.refusal, headers);
  const answer = await handle({
    ...parsed.value,
    caller: { tenant, principal },
    request,
    newId: kept.value.id,
  });
  if (answer instanceof Response) return answer;
  if ("refused" in answer) {
    if (kept.value.isNew) await ports.forgetRequest(tenant, kept.value);
    return problemResponse(answer, headers);
  }
  const reply = readReply(answer);
  if (!kept.value.isRepeated)
    await audit(ports, { tenant, principal, contract }, findTarget(parsed.value.params, reply.body));
  return present(reply, headers);
}

interface Doing<Tenant> {
  readonly tenant: Tenant;
  readonly principal: Principal;
  readonly contract: ApiContract;
}

async function audit<Tenant>(
  ports: ApiPorts<Tenant>,
  { tenant, principal, contract }: Doing<Tenant>,
  targetId: string,
): Promise<void> {
  if (contract.audit !== undefined)
    await ports.audit(tenant, principal, { action: contract.audit, targetId });
}

/** What a change was about. */
function findTarget(params: unknown, body: unknown): string {
  return idOf(params) ?? nameOf(params) ?? idOf(body) ?? "";
}

interface Admitted {
  readonly principal: Principal;
  readonly headers: Readonly<Record<string, string>>;
}

async function admit<Tenant>(
  ports: ApiPorts<Tenant>,
  contract: ApiContract,
  request: Request,
): Promise<Outcome<Admitted>> {
  const identified = await identify(ports, request);
  if (!identified.ok) return identified;
  const principal = identified.value;
  if (!mayCall(principal, contract))
    return { ok: false, refusal: refuse("forbidden", missingPermission(principal, contract)) };
  const left = await refuseFormerMember(ports, principal, { contract, request });
  if (left) return { ok: false, refusal: left };
  const limit = contract.limit ?? "api";
  const whose = limit === "streams" ? principalId(principal) : principal.workspaceId;
  const decision = await ports.limitRequests(limit, whose);
  if (!decision.allowed) return { ok: false, refusal: rateLimited(limit, decision) };
  return { ok: true, value: { principal, headers: rateLimitHeaders(limit, decision) } };
}

async function identify<Tenant>(ports: ApiPorts<Tenant>, request: Request): Promise<Outcome<Principal>> {
  const found = await findPrincipal(ports, request);
  if (!found.ok) return found;
  const principal = found.value;
  // A session comes with whatever page the browser shows, whatever headers that page adds; a key does not.
  if (principal.kind === "person" && request.method !== "GET" && !isOwnOrigin(request)) {
    return {
      ok: false,
      refusal: refuse("cross-origin", "Call this from the app's own pages, or with an API key."),
    };
  }
  return { ok: true, value: principal };
}

async function findPrincipal<Tenant>(
  { strangers, ...ports }: ApiPorts<Tenant>,
  request: Request,
): Promise<Outcome<Principal>> {
  const key = apiKeyFrom(request.headers.get("authorization"));
  if (key === undefined) {
    const person = await ports.currentPerson();
    return person ? { ok: true, value: person } : { ok: false, refusal: NOT_IDENTIFIED };
  }
  const hash = hashApiKey(key);
  // Whoever calls with a good key is not kept out by a neighbour who guesses.
  const refusal = ports.knowsKey(hash) ? undefined : strangers.refusalFor(request);
  if (refusal) return { ok: false, refusal };
  const found = await ports.findKey(hash);
  return found
    ? { ok: true, value: found }
    : { ok: false, refusal: await strangers.count(request, NOT_IDENTIFIED) };
}

/**
 * A session token says for a minute, and a key that a process remembers for some seconds, what was so when they were looked up. Changes by people, and whatever
 * only admins may do, rest on the members table instead.
 */
async function refuseFormerMember<Tenant>(
  ports: ApiPorts<Tenant>,
  principal: Principal,
  asked: { readonly contract: ApiContract; readonly request: Request },
): Promise<Refusal | undefined> {
  const { access } = asked.contract;
  const isForAdminsOnly = access !== "member" && isForAdmins(access);
  const isChange = principal.kind === "person" && asked.request.method !== "GET";
  if (!isForAdminsOnly && !isChange) return undefined;
  const role = await ports.currentRole(principal);
  if (role === undefined) return refuse("forbidden", "You are not in this workspace any more.");
  return access === "member" || roleAllows(role, access)
    ? undefined
    : refuse("forbidden", `Your role lacks the permission ${access}. Ask an admin of the workspace.`);
}

function mayCall(principal: Principal, { access }: ApiContract): boolean {
  return access === "member" || allows(principal, access);
}

function missingPermission(principal: Principal, { access }: ApiContract): string {
  return principal.kind === "key"
    ? `This API key lacks the permission ${access}. Make one with a scope that includes it.`
    : `Your role lacks the permission ${access}. Ask an admin of the workspace.`;
}

function readReply(reply: { readonly status: number; readonly body?: unknown }): {
  readonly status: number;
  readonly body: unknown;
} {
  return { status: reply.status, body: reply.body };
}

function idOf(thing: unknown): string | undefined {
  return typeof thing === "object" && thing !== null && "id" in thing && typeof thing.id === "string"
    ? thing.id
    : undefined;
}

/** What has no id is known by its name. */
function nameOf(thing: unknown): string | undefined {
  return typeof thing === "object" && thing !== null && "name" in thing && typeof thing.name === "string"
    ? thing.name
    : undefined;
}

function present(
  { status, body }: { readonly status: number; readonly body: unknown },
  headers: Readonly<Record<string, string>>,
): Response {
  const init = { status, headers: { ...headers, "cache-control": "no-store" } };
  return body === undefined ? new Response(null, init) : Response.json(body, init);
}
