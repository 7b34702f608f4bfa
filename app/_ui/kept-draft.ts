/** Keeps what people have typed in their browser until it is saved: a link, the back button or a crash loses nothing. */

const PREFIX = "cairn:unsaved:";

/** @returns undefined when nothing is kept, or nothing can be */
export function readKept(name: string): unknown {
  try {
    const kept = localStorage.getItem(PREFIX + name);
    return kept === null ? undefined : JSON.parse(kept);
  } catch {
    return undefined;
  }
}

/** Keeps a value; undefined forgets it. A browser that keeps nothing is no reason to fail. */
export function keep(name: string, value: unknown): void {
  try {
    if (value === undefined) localStorage.removeItem(PREFIX + name);
    else localStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    // Full, or switched off.
  }
}
