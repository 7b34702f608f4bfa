import * as v from "valibot";
import { parseBody } from "#/agents/tools/builtin/answer-body.ts";
import { defineTool } from "#/agents/tools/builtin/define-tool.ts";
import { writeBody } from "#/lib/bytes/request-body.ts";

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"] as const;
const READS: ReadonlySet<string> = new Set(["GET", "HEAD"]);
const isReadMethod = (method: unknown) => typeof method === "string" && READS.has(method);

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
  capabilities: (input) =>
    input && isReadMethod(input["method"] ?? "GET") ? ["untrusted"] : ["outward", "untrusted"],
  sendsToHosts: true,
  decideEffect: ({ method }) => (READS.has(method) ? "read" : "write"),
  run: async ({ url, method, headers = {}, body }, { fetch, idempotencyKey, signal }) => {
    const named = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
    );
    const written = body === undefined ? undefined : writeBody(body, named["content-type"], idempotencyKey);
    const response = await fetch({
      url,
      method,
      headers: {
        ...(READS.has(method) ? {} : { "idempotency-key": idempotencyKey }),
        ...named,
        ...(written && { "content-type": written.contentType }),
      },
      body: written?.body,
      signal,
    });
    return { ...response, body: parseBody(response) };
  },
});
