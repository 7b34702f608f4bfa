/** What is at work is read again this often while somebody looks at it; hidden pages rest. */
export const LIVE_MS = 3_000;
/** Lists in which nothing is at work. With the count beside the inbox an idle page asks less than once in ten seconds. */
export const RARE_MS = 20_000;
/** For what stands beside the matter of a page, such as the count beside the inbox: a page that waits has up to three of these. */
export const BESIDE_MS = 40_000;
