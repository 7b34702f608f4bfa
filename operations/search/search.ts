import { searchKnowledge } from "#/operations/search/passages.ts";
import type { Passage } from "#/agents/tools/tool.ts";
import type { Input } from "#/lib/http/contract.ts";
import type { Caller } from "#/operations/caller.ts";
import type { searchContract } from "#/operations/search/contract.ts";

type Search = Input<typeof searchContract> & { readonly signal: AbortSignal };

/** Finds the passages of the workspace's documents that are nearest to a question, best first. @throws when the model or the vector store does not answer */
export async function search(
  { tenant }: Caller,
  { signal, ...question }: Search,
): Promise<{ readonly items: readonly Passage[] }> {
  return { items: await searchKnowledge(tenant, question, signal) };
}
