import { deleteSkill as removeSkill } from "#/db/skills.ts";
import type { Input } from "#/lib/http/contract.ts";
import type { Refusal } from "#/lib/http/problem.ts";
import type { Caller } from "#/operations/caller.ts";
import type { deleteSkillContract } from "#/operations/skills/contract.ts";
import { noSuchSkill } from "#/operations/skills/show.ts";

/** Deletes a skill with all its versions. Refuses with `not-found`. */
export async function deleteSkill(
  { tenant }: Caller,
  { name }: Input<typeof deleteSkillContract>,
): Promise<Refusal | undefined> {
  return (await removeSkill(tenant, name)) ? undefined : noSuchSkill;
}
