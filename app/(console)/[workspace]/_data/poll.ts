/** Lists are refreshed this often while somebody looks at them; hidden pages rest. */
export const LIVE_MS = 3_000;
/** For what changes rarely, such as counts beside a name. */
export const CALM_MS = 6_000;
