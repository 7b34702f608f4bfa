import { MCP_PRESETS, type McpPreset } from "#/agents/vocabulary/mcp-preset.ts";
import { redirectUri } from "#/operations/connections/begun-sign-in.ts";

type NamedPreset = McpPreset & { readonly key: string };

/** Lists the servers that many know, and the address that sign-ins come back to. */
export function listMcpPresets(): { readonly items: readonly NamedPreset[]; readonly redirectUri: string } {
  const items = Object.entries(MCP_PRESETS).map(([key, preset]) => Object.assign({ key }, preset));
  return { items, redirectUri: redirectUri() };
}
