/** Makes writes visible only after a while, as Pinecone does: its reads may lag behind its writes. */
export interface WriteLag {
  /** Runs the write now, or later if there is a lag. */
  apply: (write: () => Promise<unknown>) => Promise<void>;
  /** Waits for every write that was accepted. */
  settle: () => Promise<void>;
}

export function writeLag(lagMs: number): WriteLag {
  const pending = new Set<Promise<void>>();
  const applyLater = (write: () => Promise<unknown>) => {
    const later = new Promise((resolve) => setTimeout(resolve, lagMs)).then(write).then(
      () => undefined,
      (error: unknown) => console.error("a delayed vector write failed", error),
    );
    pending.add(later);
    void later.finally(() => pending.delete(later));
  };
  return {
    apply: async (write) => {
      if (lagMs > 0) applyLater(write);
      else await write();
    },
    settle: async () => void (await Promise.all(pending)),
  };
}
