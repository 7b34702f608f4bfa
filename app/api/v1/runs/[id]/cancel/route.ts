import { cancelRun } from "#/operations/runs/change-run.ts";
import { actorOf } from "#/app/api/actor.ts";
import { apiRoute } from "#/app/api/doors.ts";
import { afterChange } from "#/app/api/v1/runs/change.ts";
import { cancelRunContract } from "#/operations/runs/contract.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";

export const POST = apiRoute(cancelRunContract, async ({ tenant, principal, params }) => {
  const changed = await cancelRun(tenant, params.id, await actorOf(tenant, principal));
  return afterChange(tenant, {
    runId: params.id,
    changed,
    rule: "Only a run that has not ended can be cancelled.",
  });
});

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
