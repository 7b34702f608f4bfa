import * as v from "valibot";
import type { Parts } from "#/lib/http/contract.ts";
import { type ApiContract, authorize, perform } from "#/lib/http/perform.ts";
import { listProblems, type Refusal, refuse } from "#/lib/http/problem.ts";
import { apiPorts } from "#/operations/access/doors.ts";
import type { Caller } from "#/operations/caller.ts";

interface Entry<C extends ApiContract, Answer> {
  readonly contract: C;
  readonly given: {
    readonly params?: unknown;
    readonly query?: Readonly<Record<string, string>>;
    readonly body?: unknown;
  };
  readonly idempotencyKey?: string | undefined;
  /** @param newId the id of what the request makes */
  readonly act: (caller: Caller, parts: Parts<C>, newId: string) => Promise<Answer | Refusal>;
}

/** Calls an operation as its route does: with the same permission, limits, bounds, confinement, Idempotency-Key and audit line. */
export async function enter<C extends ApiContract, Answer extends object>(
  { principal }: Caller,
  { contract, given, idempotencyKey, act }: Entry<C, Answer>,
): Promise<Answer | Refusal> {
  const authorized = await authorize(apiPorts, principal, contract);
  if (!authorized.ok) return authorized.refusal;
  const parts = parseGiven(contract, given);
  if ("refused" in parts) return parts;
  const answer = await perform(apiPorts, principal, {
    contract,
    parsed: { ...parts, idempotencyKey },
    act: async (caller, newId) => {
      const done = await act(caller, parts, newId);
      return "refused" in done ? done : { status: 200, body: done };
    },
  });
  return "refused" in answer ? answer : answer.body;
}

function parseGiven<C extends ApiContract>(
  contract: C,
  { params, query = {}, body }: Entry<C, object>["given"],
): Parts<C> | Refusal {
  const parsed = {
    params: v.safeParse(contract.params ?? v.unknown(), params),
    query: v.safeParse(contract.query ?? v.unknown(), query),
    body: v.safeParse(contract.body ?? v.unknown(), body),
  };
  const errors = Object.values(parsed).flatMap(({ issues }) => listProblems(issues ?? []));
  if (errors.length > 0)
    return refuse("invalid-request", "Fix what is listed under “errors” and try again.", { errors });
  // Each part was parsed by the schema that its type is inferred from.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return {
    params: parsed.params.output,
    query: parsed.query.output,
    body: parsed.body.output,
    upload: undefined,
  } as Parts<C>;
}
