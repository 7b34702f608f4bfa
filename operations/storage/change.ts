import { outlastingKinds } from "#/agents/engine/retention.ts";
import { readStorage, saveRetention, type StorageUse } from "#/db/storage.ts";
import type { Input } from "#/lib/http/contract.ts";
import { type Refusal, refuse } from "#/lib/http/problem.ts";
import type { Caller } from "#/operations/caller.ts";
import type { changeStorageContract } from "#/operations/storage/contract.ts";

/** Changes for how many days the named kinds are kept. Refuses with `invalid-request` when logs or checkpoints would outlast their runs. */
export async function changeStorage(
  { tenant }: Caller,
  change: Input<typeof changeStorageContract>,
): Promise<StorageUse | Refusal> {
  const { retention: before, kinds } = await readStorage(tenant);
  const given = Object.fromEntries(Object.entries(change.retention).filter(([, days]) => days !== undefined));
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
  return { kinds, retention };
}
