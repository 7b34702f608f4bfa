import { renderText } from "#/agents/definition/expression/template.ts";
import { StepError } from "#/agents/steps/step-error.ts";
import { fillIn, assignPlaces } from "#/agents/tools/http/places.ts";
import type { DeclaredCall } from "#/agents/tools/http/check.ts";
import { listFields, writeBody } from "#/lib/bytes/request-body.ts";
import type { JsonObject } from "#/lib/json-object.ts";
import type { OutboundRequest } from "#/lib/outbound.ts";

interface Filling {
  readonly args: JsonObject;
  readonly secrets: Readonly<Record<string, string>>;
  readonly idempotencyKey: string;
}

/** Makes the request of one call. @throws StepError when an argument cannot stand where it goes */
export function buildRequest(call: DeclaredCall, filling: Filling): OutboundRequest {
  const { request } = call;
  const parts = sortArguments(call, filling.args);
  const scope = { secrets: filling.secrets };
  const url = new URL(
    renderText(
      fillIn(request.url, (name) => writeSegment(name, filling.args[name])),
      scope,
    ),
  );
  for (const [name, text] of listFields(parts.query)) url.searchParams.append(name, text);
  const headers: Record<string, string> = {
    // An argument never takes the place of what the workspace has written.
    ...Object.fromEntries(listFields(parts.header).map(([name, text]) => [name.toLowerCase(), text])),
    ...(request.method !== "GET" &&
      request.method !== "HEAD" && { "idempotency-key": filling.idempotencyKey }),
    ...Object.fromEntries(
      Object.entries(request.headers).map(([name, text]) => [name.toLowerCase(), renderText(text, scope)]),
    ),
  };
  if (parts.content === undefined) return { url: url.href, method: request.method, headers };
  const written = writeBody(parts.content, headers["content-type"], filling.idempotencyKey);
  return {
    url: url.href,
    method: request.method,
    headers: { ...headers, "content-type": written.contentType },
    body: written.body,
  };
}

interface SortedArguments {
  readonly query: JsonObject;
  readonly header: JsonObject;
  readonly content: unknown;
}

/** The arguments that were given, by where they go. */
function sortArguments({ request, input }: DeclaredCall, args: JsonObject): SortedArguments {
  const given = [...assignPlaces(request, input)].filter(
    ([name]) => args[name] !== undefined && args[name] !== null,
  );
  const those = (wanted: string): JsonObject =>
    Object.fromEntries(given.flatMap(([name, place]) => (place === wanted ? [[name, args[name]]] : [])));
  const [content] = Object.values(those("content"));
  const fields = those("body");
  return {
    query: those("query"),
    header: those("header"),
    content: content ?? (Object.keys(fields).length > 0 ? fields : undefined),
  };
}

/** Nothing in an argument may lead to another path: what an address gives a meaning is written out, and steps up are refused. */
function writeSegment(name: string, value: unknown): string {
  const text =
    typeof value === "string" ? value : value === undefined || value === null ? "" : JSON.stringify(value);
  if (text === "" || text === "." || text === "..")
    throw new StepError("tool-input", `“${text}” cannot stand for {${name}} in the address.`);
  return encodeURIComponent(text.toWellFormed());
}
