import { takeFileLock } from "#/local/file-lock.ts";

/**
 * Takes the sole right to a data directory, or throws an error that says who has to give way: two PGlites in one directory lose rows without a word.
 * @returns the function that gives the right back.
 */
export function lockDataDirectory(dataDir: string): () => void {
  const release = takeFileLock(`${dataDir}.lock`);
  if (release) return release;
  throw new Error(
    `The database in ${dataDir} is in use by another process. Stop that one first, or choose another data directory.`,
  );
}
