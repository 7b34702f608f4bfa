import { setTimeout as sleep } from "node:timers/promises";
import type { Vectors } from "#/local/archive/format.ts";
import type { VectorStore } from "#/local/archive/vectors.ts";
import { type Fingerprint, FingerprintSum, requireSame } from "#/local/move/fingerprint.ts";

interface Both {
  readonly from: VectorStore;
  readonly to: VectorStore;
  readonly workspaceId: string;
}

/** Copies a workspace's vectors, a page at a time. What lies there of an earlier try goes first. @throws when the target's index is of another kind */
export async function copyVectors({ from, to, workspaceId }: Both): Promise<void> {
  const index = await from.describe();
  if (!index || (await isOneStore(from, to))) return;
  const there = await to.describe();
  if (there && (there.dimension !== index.dimension || there.metric !== index.metric))
    throw new Error(
      `The vector indexes differ (${index.dimension} numbers by ${index.metric}, ${there.dimension} by ${there.metric}).`,
    );
  if (!there) await to.create(index);
  await to.clear(workspaceId);
  for await (const page of from.readNamespace(workspaceId)) await to.write(page);
}

/** Two deployments may share one index: then the vectors are where they have to be, and deleting one's copy would delete the other's. */
async function isOneStore(from: VectorStore, to: VectorStore): Promise<boolean> {
  const host = await from.findHost();
  return host !== null && host === (await to.findHost());
}

/** Deletes a workspace's vectors at the source, unless the target has them in the same place. */
export async function forgetVectors({ from, to, workspaceId }: Both): Promise<void> {
  const isThere = (await from.describe()) !== null;
  if (isThere && !(await isOneStore(from, to))) await from.clear(workspaceId);
}

/** A store shows what was written a little later. */
const PAUSES_MS = [0, 200, 1_000, 3_000, 10_000, 30_000];

/** Compares the vectors of both deployments. @throws when they are not the same within a minute */
export async function compareVectors({ from, to, workspaceId }: Both): Promise<number> {
  const source = await fingerprint(from, workspaceId);
  let target = { count: 0, hash: "" };
  for (const pauseMs of PAUSES_MS) {
    await sleep(pauseMs);
    target = await fingerprint(to, workspaceId);
    if (target.count === source.count && target.hash === source.hash) break;
  }
  requireSame("vectors", source, target);
  return source.count;
}

async function fingerprint(store: VectorStore, workspaceId: string): Promise<Fingerprint> {
  const sum = new FingerprintSum();
  if (await store.describe())
    for await (const { records } of store.readNamespace(workspaceId))
      for (const record of records) sum.add(describeVector(record));
  return sum.total();
}

function describeVector({ id, values, metadata }: Vectors["records"][number]): string {
  const sorted = Object.entries(metadata).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return JSON.stringify([id, values, sorted]);
}
