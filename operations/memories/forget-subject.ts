import { listIdsOfSubject } from "#/db/memory-list.ts";
import type { Input } from "#/lib/http/contract.ts";
import type { Refusal } from "#/lib/http/problem.ts";
import type { Caller } from "#/operations/caller.ts";
import { orUnavailable } from "#/operations/documents/away.ts";
import type { forgetSubjectContract } from "#/operations/memories/contract.ts";
import { forgetMemories } from "#/operations/memories/forget.ts";

/** One request to the vector store deletes so many. */
const BATCH = 1000;

/**
 * Deletes everything that is remembered of somebody, also what is out of date. Refuses with `unavailable` when the vector store does not answer: what was
 * deleted until then stays deleted, and the same again goes on.
 */
export async function forgetSubject(
  { tenant }: Caller,
  { subject }: Input<typeof forgetSubjectContract>,
): Promise<{ readonly deleted: number } | Refusal> {
  let deleted = 0;
  for (;;) {
    const ids = await listIdsOfSubject(tenant, subject, BATCH);
    if (ids.length === 0) return { deleted };
    const forgotten = await orUnavailable(forgetMemories(tenant, ids));
    if (typeof forgotten !== "number") return forgotten;
    deleted += forgotten;
  }
}
