/** The cookie that names the workspaces whose first steps this browser has put away: the server reads it, so that nothing moves when the page wakes up. */
export const DISMISSED_STEPS = "cairn-first-steps";
const KEPT_S = 365 * 24 * 3_600;
/** Ids, the newest last: 50 of them are half of what a cookie may hold. */
const MOST = 50;

/** Lists the workspaces of a cookie's value. */
export const readDismissed = (value: string | undefined): readonly string[] =>
  value === undefined || value === "" ? [] : value.split(".");

/** Writes a cookie that names another workspace too, as `document.cookie` takes it. */
export const writeDismissed = (before: readonly string[], workspaceId: string): string =>
  writeCookie([...without(before, workspaceId), workspaceId]);

/** Writes a cookie that does not name a workspace, as `document.cookie` takes it. */
export const writeShown = (before: readonly string[], workspaceId: string): string =>
  writeCookie(without(before, workspaceId));

const without = (ids: readonly string[], workspaceId: string) => ids.filter((id) => id !== workspaceId);

const writeCookie = (ids: readonly string[]): string =>
  `${DISMISSED_STEPS}=${ids.slice(-MOST).join(".")}; path=/; max-age=${KEPT_S}; samesite=lax`;
