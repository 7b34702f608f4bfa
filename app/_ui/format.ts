const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** 840 ms, 3.2 s, 4 min 10 s, 2 h 5 min, 3 d 4 h */
export function formatDuration(ms: number): string {
  if (ms < SECOND) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < MINUTE) return `${(ms / SECOND).toFixed(ms < 10 * SECOND ? 1 : 0)} s`;
  if (ms < HOUR) return pair(ms, [MINUTE, "min"], [SECOND, "s"]);
  if (ms < DAY) return pair(ms, [HOUR, "h"], [MINUTE, "min"]);
  return pair(ms, [DAY, "d"], [HOUR, "h"]);
}

type Unit = readonly [size: number, name: string];

function pair(ms: number, [large, largeName]: Unit, [small, smallName]: Unit): string {
  const rest = Math.floor((ms % large) / small);
  return `${Math.floor(ms / large)} ${largeName}${rest > 0 ? ` ${rest} ${smallName}` : ""}`;
}

/** just now, 5 min ago, in 3 h: how far a moment is from `now`. */
export function formatDistance(at: number, now: number): string {
  // What was set to be in 7 days is 6 days and some hours away a moment later; nobody calls it so.
  const distance = at > now ? at - now + 30 * SECOND : now - at;
  if (Math.abs(now - at) < 5 * SECOND) return "just now";
  const rounded = formatDuration(distance < MINUTE ? Math.round(distance / SECOND) * SECOND : distance)
    .split(" ")
    .slice(0, 2)
    .join(" ")
    .replace(/\.\d/, "");
  return at > now ? `in ${rounded}` : `${rounded} ago`;
}

/** 950, 1,171, 12.4k, 1.2M */
export function formatCount(count: number): string {
  if (count < 10_000) return count.toLocaleString("en");
  return count < 1_000_000 ? `${(count / 1_000).toFixed(1)}k` : `${(count / 1_000_000).toFixed(1)}M`;
}

export function formatBytes(bytes: number): string {
  if (bytes < 1_024) return `${bytes} B`;
  return bytes < 1_048_576 ? `${(bytes / 1_024).toFixed(0)} KB` : `${(bytes / 1_048_576).toFixed(1)} MB`;
}
