import { type Decided, decideApproval } from "#/operations/runs/runtime.ts";
import { actorOf } from "#/app/api/actor.ts";
import { apiRoute } from "#/app/api/doors.ts";
import { decideApprovalContract } from "#/operations/approvals/contract.ts";
import { personBehind } from "#/lib/auth/principal.ts";
import { getApproval } from "#/db/approvals.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { notFound, type Refusal, refuse } from "#/lib/http/problem.ts";
import { ok } from "#/lib/http/reply.ts";

export const POST = apiRoute(decideApprovalContract, async ({ tenant, principal, params, body }) => {
  const by = await actorOf(tenant, principal);
  const decided = await decideApproval(tenant, {
    approvalId: params.id,
    ...body,
    by,
    people: [personBehind(principal)],
  });
  if (!decided.ok) return refusalOf(decided);
  const approval = await getApproval(tenant, params.id);
  return approval ? ok(approval) : notFound("approval");
});

function refusalOf({ reason, detail, problems }: Extract<Decided, { readonly ok: false }>): Refusal {
  switch (reason) {
    case "not-found":
      return notFound("approval");
    case "already-decided":
      return refuse("already-decided", detail ?? "Somebody else has decided.");
    case "own-run":
      return refuse("forbidden", detail ?? "Somebody else has to decide.");
    case "unknown-action":
      return refuse("invalid-request", "Choose one of the approval's actions.", {
        errors: [{ path: "/action", message: detail ?? "is not one of its actions" }],
      });
    case "invalid-values":
      return refuse("invalid-request", "The values do not fit the approval's form.", {
        errors: (problems ?? []).map(({ path, message }) => ({ path: `/values${path}`, message })),
      });
  }
}

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
