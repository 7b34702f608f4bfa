/** Lists are refreshed this often while somebody looks at them; hidden pages rest. */
export const LIVE_MS = 3_000;
/** For what changes rarely, such as counts beside a name. */
export const CALM_MS = 6_000;
/** For the count beside the inbox: every page asks for it. */
export const BADGE_MS = 30_000;
/** For what hardly ever changes behind somebody's back. */
export const RARE_MS = 12_000;
