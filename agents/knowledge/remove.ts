import type { RemovalPorts } from "#/agents/knowledge/knowledge-ports.ts";

/**
 * Forgets a document: its vectors first, so that a failure in between leaves a row that can be removed again.
 * @throws when the vector store does not answer; the document is then still there
 */
export async function removeEverything(ports: RemovalPorts, id: string): Promise<"removed" | "not-found"> {
  const before = await ports.findPassages(id);
  if (!before) return "not-found";
  await ports.forgetVectors(before.ids);
  const left = await ports.deleteDocument(id);
  if (!left) return "not-found";
  // A batch that was under way may have been stored between the two. One that comes later finds no rows, and forgets itself.
  if (before.isBeingRead) await ports.forgetVectors(left);
  return "removed";
}
