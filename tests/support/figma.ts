import { createAdaptorServer } from "@hono/node-server";
import { createMcpHandler, Server, type Tool } from "@modelcontextprotocol/server";
import { closeServer, listenOnLoopback } from "#/local/loopback.ts";

/** What a node of the file uses: names and values as Figma writes them, fonts in its own form. */
const VARIABLES = {
  "color/surface/ground": "#F4F4F0",
  "color/text/ink-2": "#333333",
  Row: "40",
  "space/400": "16",
  "Heading/L": 'Font(family: "Inter", style: Semi Bold, size: 24, weight: 600)',
  sheet: "red; } body { display: none",
};

const properties = { fileKey: { type: "string" }, nodeId: { type: "string" } };
const tool = (name: string): Tool => ({
  name,
  description: name,
  annotations: { readOnlyHint: true },
  inputSchema: { type: "object", properties, required: ["nodeId"] },
});
const TOOLS = ["get_design_context", "get_variable_defs", "get_screenshot"].map(tool);
const text = (value: string) => ({ type: "text" as const, text: value });

/** Stands in for Figma's MCP server and for its REST API, with the names and shapes that its documents tell. */
export async function startFigma(
  token?: string,
): Promise<{ readonly origin: string; readonly stop: () => Promise<void> }> {
  const handler = createMcpHandler(serverFor, { legacy: "stateless" });
  const fetch = async (request: Request): Promise<Response> => {
    const { pathname } = new URL(request.url);
    if (pathname.startsWith("/v1/")) return answerRest(request, token);
    const isKnown = token === undefined || request.headers.get("authorization") === `Bearer ${token}`;
    return isKnown
      ? handler.fetch(request)
      : new Response(null, { status: 401, headers: { "www-authenticate": "Bearer" } });
  };
  const server = createAdaptorServer({ fetch });
  const port = await listenOnLoopback(server, 0);
  return { origin: `http://127.0.0.1:${port}`, stop: () => closeServer(server) };
}

function serverFor(): Server {
  const server = new Server({ name: "Figma", version: "1" }, { capabilities: { tools: {} } });
  server.setRequestHandler("tools/list", () => ({ tools: TOOLS }));
  server.setRequestHandler("tools/call", ({ params }) => {
    if (params.arguments?.["nodeId"] === "404:1")
      return { content: [text("The node could not be found.")], isError: true };
    return { content: [text(params.name === "get_variable_defs" ? JSON.stringify(VARIABLES) : "code")] };
  });
  return server;
}

function answerRest(request: Request, token: string | undefined): Response {
  if (request.headers.get("x-figma-token") !== token) return Response.json({ status: 403 }, { status: 403 });
  const collection = (id: string, modes: Readonly<Record<string, string>>) => ({
    id,
    modes: Object.entries(modes).map(([modeId, name]) => ({ modeId, name })),
  });
  const blue = { r: 0, g: 0.2, b: 1, a: 1 };
  return Response.json({
    status: 200,
    meta: {
      variableCollections: {
        C1: collection("C1", { "1:0": "Light", "1:1": "Dark" }),
        C2: collection("C2", { "2:0": "Value" }),
      },
      variables: {
        V1: {
          name: "color/ground",
          variableCollectionId: "C1",
          valuesByMode: { "1:0": { type: "VARIABLE_ALIAS", id: "V2" }, "1:1": { r: 0, g: 0, b: 0, a: 0.5 } },
        },
        V2: { name: "blue/500", variableCollectionId: "C2", valuesByMode: { "2:0": blue } },
        V3: {
          name: "loop",
          variableCollectionId: "C2",
          valuesByMode: { "2:0": { type: "VARIABLE_ALIAS", id: "V3" } },
        },
      },
    },
  });
}
