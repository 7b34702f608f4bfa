/** The ways in which a handler can say that it went well. The contract decides which of them it may use. */
export const ok = <Body>(body: Body) => ({ status: 200, body }) as const;
export const created = <Body>(body: Body) => ({ status: 201, body }) as const;
/** Taken on, not finished. */
export const accepted = <Body>(body: Body) => ({ status: 202, body }) as const;
/** Done, and there is nothing to show. */
export const done = { status: 204 } as const;
