// The MCP server of bench/mcp.ts, as a process of its own.
import { startMcp } from "#/local/mcp/serve.ts";

const { url } = await startMcp({ port: 0 });
process.send?.(url);
process.once("disconnect", () => process.exit(0));
