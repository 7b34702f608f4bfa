import { isForAdmins, type Permission, type Role, roleAllows } from "#/lib/auth/permissions.ts";
import { allows, confinementOf, type Principal, principalId } from "#/lib/auth/principal.ts";
import type { LimitRequests } from "#/lib/cloud/limits.ts";
import type { Contract, WorkspaceAccess } from "#/lib/http/contract.ts";
import { keep, type KeepRequest } from "#/lib/http/idempotency.ts";
import { notFound, type Outcome, type Refusal, refuse } from "#/lib/http/problem.ts";
import { rateLimited, rateLimitHeaders } from "#/lib/http/rate-limit.ts";

/** The product as the machinery around an operation needs it. */
export interface PerformPorts<Tenant> {
  /** The handle that confines everything after it to the caller's workspace. What it lists may be some seconds old where it may lag. */
  readonly openTenant: (principal: Principal, use: { readonly mayLag: boolean }) => Tenant;
  readonly limitRequests: LimitRequests;
  /** Returns a person's role by the members table; undefined when they are in the workspace no more. */
  readonly currentRole: (principal: Principal) => Promise<Role | undefined>;
  /** Tells whether a workflow, run or approval belongs to one of the workflows: is it, is of it, or was started by a run of it. */
  readonly isWithin: (
    tenant: Tenant,
    thing: { readonly kind: "workflow" | "run" | "approval"; readonly id: string },
    workflowIds: readonly string[],
  ) => Promise<boolean>;
  readonly keepRequest: KeepRequest<Tenant>;
  /** Forgets a request that made nothing: its key may be used again. */
  readonly forgetRequest: (
    tenant: Tenant,
    request: { readonly operation: string; readonly key: string },
  ) => Promise<void>;
  /** Remembers that the caller has changed something: what they list next has to show it, and what is kept of it is over. */
  readonly noteChange: (tenant: Tenant, event: string) => Promise<void>;
  /** Writes down who changed what. */
  readonly audit: (
    tenant: Tenant,
    principal: Principal,
    change: { readonly action: string; readonly targetId: string },
  ) => Promise<void>;
}

/** A contract for people and API keys. */
export type ApiContract = Contract & { readonly access: WorkspaceAccess };

/** Refuses a caller who may not call the operation, or not now. @returns the headers that tell what is left of the rate limit */
export async function authorize<Tenant>(
  ports: PerformPorts<Tenant>,
  principal: Principal,
  contract: ApiContract,
): Promise<Outcome<Readonly<Record<string, string>>>> {
  const forbidden = refuseAccess(principal, contract);
  if (forbidden) return { ok: false, refusal: forbidden };
  const left = await refuseFormerMember(ports, principal, contract);
  if (left) return { ok: false, refusal: left };
  const limit = contract.limit ?? "api";
  const whose = limit === "streams" ? principalId(principal) : principal.workspaceId;
  const decision = await ports.limitRequests(limit, whose);
  if (!decision.allowed) return { ok: false, refusal: rateLimited(limit, decision) };
  return { ok: true, value: rateLimitHeaders(limit, decision) };
}

function refuseAccess(principal: Principal, contract: ApiContract): Refusal | undefined {
  const missing = listNeeds(contract).find((permission) => !allows(principal, permission));
  if (missing) return refuse("forbidden", missingPermission(principal, missing));
  return contract.about === undefined && confinementOf(principal)
    ? refuse("forbidden", "This API key is for single workflows, and this is not about one.")
    : undefined;
}

/** The permissions that an operation takes; none where belonging to the workspace is enough. */
const listNeeds = ({ access, alsoNeeds }: ApiContract): readonly Permission[] =>
  [access, alsoNeeds].filter((need) => need !== undefined && need !== "member");

function missingPermission(principal: Principal, access: Permission): string {
  return principal.kind === "key"
    ? `This API key lacks the permission ${access}. Make one with a scope that includes it.`
    : `Your role lacks the permission ${access}. Ask an admin of the workspace.`;
}

/**
 * A session token says for a minute, and a key that a process remembers for some seconds, what was so when they were looked up. Changes by people, and whatever
 * only admins may do, rest on the members table instead.
 */
async function refuseFormerMember<Tenant>(
  ports: PerformPorts<Tenant>,
  principal: Principal,
  contract: ApiContract,
): Promise<Refusal | undefined> {
  const needs = listNeeds(contract);
  const isForAdminsOnly = needs.some(isForAdmins);
  const isChange = principal.kind === "person" && contract.method !== "GET";
  if (!isForAdminsOnly && !isChange) return undefined;
  const role = await ports.currentRole(principal);
  if (role === undefined) return refuse("forbidden", "You are not in this workspace any more.");
  const missing = needs.find((permission) => !roleAllows(role, permission));
  return (
    missing &&
    refuse("forbidden", `Your role lacks the permission ${missing}. Ask an admin of the workspace.`)
  );
}

/** An operation with its parsed request. */
export interface Performance<Tenant, Answer> {
  readonly contract: ApiContract;
  readonly parsed: {
    readonly params: unknown;
    readonly body: unknown;
    readonly upload: unknown;
    readonly idempotencyKey: string | undefined;
  };
  /** @param newId the id of what the request makes. The same request under the same Idempotency-Key has the same, and makes nothing again */
  readonly act: (
    caller: { readonly tenant: Tenant; readonly principal: Principal },
    newId: string,
  ) => Promise<Answer>;
}

/** An answer with what it shows, or something else that passes through: a stream. */
type Shown = { readonly status: number; readonly body?: unknown } | Response;

/** Does what an authorized caller asks: within the workflows that the caller is confined to, once for each Idempotency-Key, and with a line in the audit log. */
export async function perform<Tenant, Answer extends Shown>(
  ports: PerformPorts<Tenant>,
  principal: Principal,
  { contract, parsed, act }: Performance<Tenant, Answer | Refusal>,
): Promise<Answer | Refusal> {
  const tenant = ports.openTenant(principal, { mayLag: contract.method === "GET" });
  const outside = await refuseOutside(ports, { tenant, principal, contract }, parsed.params);
  if (outside) return outside;
  const kept = await keep(ports, tenant, { contract, parsed });
  if (!kept.ok) return kept.refusal;
  const answer = await act({ tenant, principal }, kept.value.id);
  // A refusal too: it may rest on what a list that the caller has seen did not show yet.
  const event = contract.audit ?? contract.recordedIn;
  if (event !== undefined) await ports.noteChange(tenant, event);
  if ("refused" in answer) {
    if (kept.value.isNew) await ports.forgetRequest(tenant, kept.value);
    return answer;
  }
  if (!kept.value.isRepeated && contract.audit !== undefined && !(answer instanceof Response))
    await ports.audit(tenant, principal, {
      action: contract.audit,
      targetId: findTarget(parsed.params, answer.body),
    });
  return answer;
}

interface Doing<Tenant> {
  readonly tenant: Tenant;
  readonly principal: Principal;
  readonly contract: ApiContract;
}

async function refuseOutside<Tenant>(
  ports: PerformPorts<Tenant>,
  { tenant, principal, contract: { about } }: Doing<Tenant>,
  params: unknown,
): Promise<Refusal | undefined> {
  const workflowIds = confinementOf(principal);
  if (workflowIds === undefined || about === undefined || about === "caller") return undefined;
  const id = readId(params);
  const isWithin = id !== undefined && (await ports.isWithin(tenant, { kind: about, id }, workflowIds));
  return isWithin ? undefined : notFound(about);
}

/** Finds the target of a change. */
function findTarget(params: unknown, body: unknown): string {
  return readId(params) ?? readName(params) ?? readId(body) ?? "";
}

function readId(thing: unknown): string | undefined {
  return typeof thing === "object" && thing !== null && "id" in thing && typeof thing.id === "string"
    ? thing.id
    : undefined;
}

/** Reads the name of a thing that has no id. */
function readName(thing: unknown): string | undefined {
  return typeof thing === "object" && thing !== null && "name" in thing && typeof thing.name === "string"
    ? thing.name
    : undefined;
}
