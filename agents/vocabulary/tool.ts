/** The effects that a call of a tool can have on the outside world. An idempotent write may be sent again: the other side takes it once. */
export const TOOL_EFFECTS = ["read", "write", "idempotent"] as const;
export type ToolEffect = (typeof TOOL_EFFECTS)[number];

/** The origins of tools that a workspace has declared itself: written by hand, or taken from an OpenAPI document. */
export const DECLARED_ORIGINS = ["http", "openapi"] as const;
export type DeclaredOrigin = (typeof DECLARED_ORIGINS)[number];

/** The origins of tools. */
export const TOOL_ORIGINS = ["builtin", ...DECLARED_ORIGINS, "mcp", "workflow", "skill"] as const;
export type ToolOrigin = (typeof TOOL_ORIGINS)[number];

/** The names under which models and definitions know tools: what every provider accepts. */
export const TOOL_NAME_FORM = /^[a-zA-Z][a-zA-Z0-9_-]{0,63}$/;
