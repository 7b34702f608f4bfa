import { orUnavailable } from "#/operations/documents/away.ts";
import { searchKnowledge } from "#/operations/search/passages.ts";
import type { Passage } from "#/agents/tools/tool.ts";
import type { Input } from "#/lib/http/contract.ts";
import type { Refusal } from "#/lib/http/problem.ts";
import type { Caller } from "#/operations/caller.ts";
import type { searchContract } from "#/operations/search/contract.ts";

type Search = Input<typeof searchContract> & { readonly signal: AbortSignal };

/** Finds the passages of the workspace's documents that are nearest to a question, best first. Refuses with `unavailable` when the model or the vector store does not answer. */
export async function search(
  { tenant }: Caller,
  { signal, ...question }: Search,
): Promise<{ readonly items: readonly Passage[] } | Refusal> {
  const items = await orUnavailable(searchKnowledge(tenant, question, signal));
  return "refused" in items ? items : { items };
}
