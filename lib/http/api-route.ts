import { apiKeyFrom, hashApiKey } from "#/lib/auth/api-key.ts";
import type { ExpiredKey, Key, Person, Principal } from "#/lib/auth/principal.ts";
import type { Reply } from "#/lib/http/contract.ts";
import { answerUnexpected } from "#/lib/http/guard.ts";
import { observeAnswer } from "#/lib/http/observe-answer.ts";
import { type Nearest, type ParsedRequest, parseRequest } from "#/lib/http/parse-request.ts";
import { type ApiContract, authorize, perform, type PerformPorts } from "#/lib/http/perform.ts";
import { type Outcome, problemResponse, type Refusal, refuse } from "#/lib/http/problem.ts";
import { isOwnOrigin } from "#/lib/http/same-origin.ts";
import { NOT_IDENTIFIED, sayExpired, type Strangers } from "#/lib/http/strangers.ts";

/** The product as the door for people and API keys needs it. */
export interface ApiPorts<Tenant> extends PerformPorts<Tenant> {
  /** Returns the person who calls without an API key, or why nobody may that way. */
  readonly currentPerson: (request: Request) => Promise<Person | Refusal | undefined>;
  readonly findKey: (hash: string) => Promise<Key | ExpiredKey | undefined>;
  /** Tells whether the key was valid a moment ago, which takes no look-up. */
  readonly knowsKey: (hash: string) => boolean;
  readonly strangers: Strangers;
  readonly nearest: Nearest;
}

/** A request that may be answered: parsed, and confined to the caller's workspace. */
interface Call<C extends ApiContract, Tenant> extends ParsedRequest<C> {
  /** The caller, as operations are told. */
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
      const startedAt = performance.now();
      const response = await enter(ports, { contract, handle, request, context }).catch((error: unknown) =>
        answerUnexpected(error, request),
      );
      observeAnswer(contract, {
        status: response.status,
        seconds: (performance.now() - startedAt) / 1_000,
        isWaiting: request.url.includes("wait="),
      });
      return response;
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
  const identified = await identify(ports, request);
  if (!identified.ok) return problemResponse(identified.refusal);
  const principal = identified.value;
  const authorized = await authorize(ports, principal, contract);
  if (!authorized.ok) return problemResponse(authorized.refusal);
  const headers = authorized.value;
  const parsed = await parseRequest({ contract, request, routeParams: context.params }, ports.nearest);
  if (!parsed.ok) return problemResponse(parsed.refusal, headers);
  const answer = await perform(ports, principal, {
    contract,
    parsed: parsed.value,
    act: (caller, newId) => handle({ ...parsed.value, caller, request, newId }),
  });
  if (answer instanceof Response) return answer;
  return "refused" in answer ? problemResponse(answer, headers) : present(readReply(answer), headers);
}

async function identify<Tenant>(ports: ApiPorts<Tenant>, request: Request): Promise<Outcome<Principal>> {
  const found = await findPrincipal(ports, request);
  if (!found.ok) return found;
  const principal = found.value;
  // A session comes with whatever page the browser shows, whatever headers that page adds; a key does not.
  const isSession = principal.kind === "person" && principal.comesBy === undefined;
  if (isSession && request.method !== "GET" && !isOwnOrigin(request)) {
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
    const person = (await ports.currentPerson(request)) ?? NOT_IDENTIFIED;
    return "refused" in person ? { ok: false, refusal: person } : { ok: true, value: person };
  }
  const hash = hashApiKey(key);
  // Whoever calls with a good key is not kept out by a neighbour who guesses.
  const refusal = ports.knowsKey(hash) ? undefined : strangers.refusalFor(request);
  if (refusal) return { ok: false, refusal };
  const found = await ports.findKey(hash);
  if (found?.kind === "key") return { ok: true, value: found };
  return { ok: false, refusal: await strangers.count(request, found ? sayExpired(found) : NOT_IDENTIFIED) };
}

function readReply(reply: { readonly status: number; readonly body?: unknown }): {
  readonly status: number;
  readonly body: unknown;
} {
  return { status: reply.status, body: reply.body };
}

function present(
  { status, body }: { readonly status: number; readonly body: unknown },
  headers: Readonly<Record<string, string>>,
): Response {
  const init = { status, headers: { ...headers, "cache-control": "no-store" } };
  return body === undefined ? new Response(null, init) : Response.json(body, init);
}
