import * as v from "valibot";
import { defineTool } from "#/agents/tools/tool.ts";

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"] as const;
const READS: ReadonlySet<string> = new Set(["GET", "HEAD"]);

/** Calls a server on the public internet, or a host that the installation allows. */
export const httpRequest = defineTool({
  name: "http_request",
  description: "Send an HTTP request to a URL and return its status, headers and body.",
  input: v.object({
    url: v.pipe(v.string(), v.url(), v.description("The full address, with https://")),
    method: v.optional(v.picklist(METHODS), "GET"),
    headers: v.optional(v.record(v.string(), v.string())),
    body: v.optional(v.union([v.string(), v.record(v.string(), v.unknown()), v.array(v.unknown())])),
  }),
  effect: "write",
  sendsToHosts: true,
  effectOf: ({ method }) => (READS.has(method) ? "read" : "write"),
  run: async ({ url, method, headers, body }, { fetch, idempotencyKey, signal }) => {
    const response = await fetch({
      url,
      method,
      headers: { ...contentType(body), ...(READS.has(method) ? {} : { "idempotency-key": idempotencyKey }), ...headers },
      body: body === undefined || typeof body === "string" ? body : JSON.stringify(body),
      signal,
    });
    return { ...response, body: readBody(response) };
  },
});

function contentType(body: unknown): Record<string, string> {
  if (body === undefined) return {};
  return { "content-type": typeof body === "string" ? "text/plain; charset=utf-8" : "application/json" };
}

/** JSON where the server says it is JSON and it really is; else the text. */
function readBody({ headers, body }: { headers: Readonly<Record<string, string>>; body: string }): unknown {
  if (!/\bjson\b/i.test(headers["content-type"] ?? "")) return body;
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
