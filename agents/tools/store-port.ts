/** A value that is kept for other runs. */
interface StoredEntry {
  readonly key: string;
  readonly value: unknown;
  /** Counts the writes of the key. */
  readonly revision: number;
}

interface NewEntry {
  readonly value: unknown;
  /** The one that it replaces; 0: there is none yet. Without it, whatever is there. */
  readonly revision?: number | undefined;
  readonly ttlSeconds?: number | undefined;
  /** The task that writes: its repetition finds that the value is stored. */
  readonly writer?: string | undefined;
}

export const LONGEST_NAMESPACE = 200;
export const LONGEST_KEY = 500;
/** Of a value, in characters as JSON. */
export const LARGEST_VALUE = 262_144;

/** Values of a workspace by namespace and key. */
export interface StorePort {
  readonly get: (namespace: string, key: string) => Promise<StoredEntry | null>;
  /** @returns whether it was stored, and the revision that is there now */
  readonly put: (
    namespace: string,
    key: string,
    entry: NewEntry,
  ) => Promise<{ readonly stored: boolean; readonly revision: number }>;
  readonly delete: (namespace: string, key: string) => Promise<boolean>;
  readonly list: (
    namespace: string,
    page: { readonly prefix: string; readonly limit: number },
  ) => Promise<readonly StoredEntry[]>;
}
