/** Lists renew themselves this often while somebody looks at them; hidden pages rest. */
export const LIVE_MS = 3_000;
/** For what changes rarely, such as counts beside a name. */
export const CALM_MS = 6_000;

/** One page of a list. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}
