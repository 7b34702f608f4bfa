/** What a call of a tool does to the outside world. An idempotent write may be sent again: the other side takes it once. */
export const TOOL_EFFECTS = ["read", "write", "idempotent"] as const;
export type ToolEffect = (typeof TOOL_EFFECTS)[number];

/** Where a tool comes from. */
export type ToolOrigin = "builtin" | "http" | "openapi" | "mcp" | "workflow";
