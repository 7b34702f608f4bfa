import type { Key } from "#/lib/auth/principal.ts";
import { Memory } from "#/lib/memory.ts";

/** The time for which a process takes a key for valid without asking again: for so long, at most, a revoked key may still be used. */
export const KEY_KEPT_MS = 5_000;
const MOST_KEYS = 10_000;

type FindKey = (hash: string) => Promise<Key | undefined>;

/**
 * Remembers keys for some seconds, so that a caller who asks often is looked up once: a look-up is a third of what a read costs. Only keys that
 * exist are remembered, by their hashes.
 */
export function rememberKeys(find: FindKey, clock?: { readonly now: () => number }) {
  const known = new Memory<Promise<Key | undefined>>({
    keptMs: KEY_KEPT_MS,
    most: MOST_KEYS,
    ...(clock && { clock }),
  });

  const lookUp = async (hash: string): Promise<Key | undefined> => {
    try {
      const key = await find(hash);
      if (!key) known.delete(hash);
      return key;
    } catch (error) {
      known.delete(hash);
      throw error;
    }
  };

  return {
    find: (hash: string): Promise<Key | undefined> => {
      const remembered = known.get(hash);
      if (remembered) return remembered;
      const key = lookUp(hash);
      known.set(hash, key);
      return key;
    },
    /** Tells whether a key of this hash is remembered. */
    knows: (hash: string): boolean => known.get(hash) !== undefined,
    /** This process stops taking the key at once. */
    forget: async (keyId: string): Promise<void> => {
      for (const [hash, key] of known.entries())
        if ((await key.catch(() => undefined))?.keyId === keyId) known.delete(hash);
    },
  };
}
