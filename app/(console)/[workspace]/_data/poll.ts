/** What is at work is read again this often while somebody looks at it; hidden pages rest. */
export const LIVE_MS = 3_000;
/** Lists in which nothing is at work. With the count beside the inbox an idle page asks once in ten seconds. */
export const RARE_MS = 15_000;
/** For the count beside the inbox: every page asks for it. */
export const BADGE_MS = 30_000;
