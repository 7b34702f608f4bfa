import { outlastingKinds } from "#/agents/engine/retention.ts";
import { apiRoute } from "#/app/api/doors.ts";
import { changeStorageContract, getStorageContract } from "#/operations/storage/contract.ts";
import { readStorage, saveRetention } from "#/db/storage.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { refuse } from "#/lib/http/problem.ts";
import { ok } from "#/lib/http/reply.ts";

export const GET = apiRoute(getStorageContract, async ({ tenant }) => ok(await readStorage(tenant)));

export const PATCH = apiRoute(changeStorageContract, async ({ tenant, body }) => {
  const { retention: before, kinds } = await readStorage(tenant);
  const given = Object.fromEntries(Object.entries(body.retention).filter(([, days]) => days !== undefined));
  const retention = { ...before, ...given };
  const tooLong = outlastingKinds(retention);
  if (tooLong.length > 0) {
    const errors = tooLong.map((kind) => ({
      path: `/retention/${kind}`,
      message: `must be at most ${retention.runs}, the days that runs are kept`,
    }));
    return refuse(
      "invalid-request",
      "Logs and checkpoints cannot outlast the runs that they belong to. Keep runs for longer, or these for less.",
      { errors },
    );
  }
  await saveRetention(tenant, retention);
  return ok({ kinds, retention });
});

export const { POST, PUT, DELETE, OPTIONS } = otherMethods("GET", "PATCH");
