// The MCP server as a process of its own that a test can kill: node --conditions=react-server tests/support/mcp-process.ts <port>
import http from "node:http";
import { registerHooks } from "node:module";

// Nobody signs in here, and no page is shown: of these modules nothing is called.
const INSTEAD: Readonly<Record<string, string>> = {
  "next/navigation": "export const [redirect, unstable_rethrow] = [undefined, () => undefined];",
  "next/headers": "export const headers = undefined;",
  "@clerk/nextjs/server": "export const auth = undefined;",
};
registerHooks({
  resolve: (specifier, context, next) => {
    const source = INSTEAD[specifier];
    return source === undefined
      ? next(specifier, context)
      : { url: `data:text/javascript,${source}`, shortCircuit: true };
  },
});
const { POST } = await import("#/app/api/mcp/route.ts");

const server = http.createServer((incoming, outgoing) => void serve(incoming, outgoing));

async function serve(incoming: http.IncomingMessage, outgoing: http.ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const headers = new Headers(
    Object.entries(incoming.headers).map(([name, value]): [string, string] => [name, String(value)]),
  );
  const request = new Request(`http://${incoming.headers.host}/api/mcp`, {
    method: "POST",
    headers,
    body: Buffer.concat(chunks),
  });
  const response = await POST(request, { params: Promise.resolve({}) });
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  outgoing.end(await response.text());
}

server.listen(Number(process.argv[2]), "127.0.0.1", () => process.send?.("ready"));
process.on("disconnect", () => process.exit(0));
