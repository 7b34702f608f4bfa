/** How a move of a workspace stands in one of its two deployments: the first three where it leaves, the others where it goes. */
export const MOVE_STATES = ["draining", "frozen", "moved", "arriving", "arrived"] as const;
export type MoveState = (typeof MOVE_STATES)[number];
