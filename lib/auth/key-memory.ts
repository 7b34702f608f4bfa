import type { ExpiredKey, Key } from "#/lib/auth/principal.ts";
import { Memory } from "#/lib/memory.ts";

/** The time for which a process takes a key for valid without asking again: for so long, at most, a revoked key may still be used. */
export const KEY_KEPT_MS = 5_000;
const MOST_KEYS = 10_000;

/** Undefined: there is no such key. */
type FoundKey = Key | ExpiredKey | undefined;
type FindKey = (hash: string) => Promise<FoundKey>;

/**
 * Remembers keys for some seconds, so that a caller who asks often is looked up once: a look-up is a third of what a read costs. Only keys that
 * are valid are remembered, by their hashes, and none beyond its end.
 */
export function rememberKeys(find: FindKey, clock: { readonly now: () => number } = Date) {
  const known = new Memory<Promise<FoundKey>>({ keptMs: KEY_KEPT_MS, most: MOST_KEYS, clock });

  const lookUp = async (hash: string): Promise<FoundKey> => {
    try {
      const key = await find(hash);
      if (key?.kind !== "key") known.delete(hash);
      return key;
    } catch (error) {
      known.delete(hash);
      throw error;
    }
  };

  const ask = (hash: string): Promise<FoundKey> => {
    const key = lookUp(hash);
    known.set(hash, key);
    return key;
  };

  return {
    find: async (hash: string): Promise<FoundKey> => {
      const remembered = known.get(hash);
      if (!remembered) return ask(hash);
      const key = await remembered;
      if (!isOver(key, clock.now())) return key;
      // Others may have seen the same end and asked already.
      if (known.get(hash) === remembered) known.delete(hash);
      return known.get(hash) ?? ask(hash);
    },
    /** Tells whether a key of this hash is remembered. */
    knows: (hash: string): boolean => known.get(hash) !== undefined,
    /** This process stops taking the key at once. */
    forget: async (keyId: string): Promise<void> => {
      for (const [hash, key] of known.entries())
        if (isKey(await key.catch(() => undefined), keyId)) known.delete(hash);
    },
  };
}

const isKey = (found: FoundKey, keyId: string): boolean => found?.kind === "key" && found.keyId === keyId;

const isOver = (found: FoundKey, now: number): boolean =>
  found?.kind === "key" && found.expiresAt !== null && found.expiresAt <= now;
