import * as v from "valibot";
import { defineTool } from "#/agents/tools/builtin/define-tool.ts";
import { StepError } from "#/agents/steps/step-error.ts";
import type { ToolConnection } from "#/agents/tools/tool.ts";
import type { OutboundRequest, OutboundResponse } from "#/lib/outbound.ts";

/** The name of the connection that the tool searches by. */
const CONNECTION = "search";

interface Query {
  readonly query: string;
  readonly count: number;
}

const Found = v.object({
  title: v.nullish(v.string(), ""),
  url: v.string(),
  content: v.nullish(v.string()),
  description: v.nullish(v.string()),
});
const Answer = v.object({
  results: v.optional(v.array(Found)),
  web: v.optional(v.object({ results: v.array(Found) })),
});

/** The requests of the search services. SearXNG is a program that anybody runs, under any host. */
const SERVICES: Readonly<
  Record<"brave" | "tavily" | "searxng", (base: string, query: Query) => OutboundRequest>
> = {
  brave: (base, { query, count }) => ({
    url: withQuery(`${base}/res/v1/web/search`, { q: query, count: String(count) }),
  }),
  tavily: (base, { query, count }) => ({
    url: `${base}/search`,
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query, max_results: count }),
  }),
  searxng: (base, { query }) => ({ url: withQuery(`${base}/search`, { q: query, format: "json" }) }),
};

/** Searches the web by the service that the workspace has a connection to. */
export const webSearch = defineTool({
  name: "web_search",
  description: "Search the web. Gives titles, addresses and excerpts; read a page with web_page.",
  input: v.object({
    query: v.pipe(v.string(), v.trim(), v.minLength(2), v.maxLength(400), v.description("What to look for")),
    count: v.optional(
      v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(20), v.description("How many results")),
      8,
    ),
  }),
  effect: "read",
  capabilities: ["untrusted"],
  limits: { timeoutMs: 20_000 },
  run: async (query, { connection, signal }) => {
    const service = await connection(CONNECTION);
    const base = (service.settings["url"] ?? "").replace(/\/+$/, "");
    const request = SERVICES[recognizeService(service)](base, query);
    const results = readResults(await service.fetch({ ...request, signal })).slice(0, query.count);
    return { results };
  },
});

function recognizeService({ settings }: ToolConnection): keyof typeof SERVICES {
  const host = URL.parse(settings["url"] ?? "")?.hostname ?? "";
  if (host.endsWith("search.brave.com")) return "brave";
  return host.endsWith("tavily.com") ? "tavily" : "searxng";
}

function readResults({ status, body }: OutboundResponse) {
  if (status >= 400)
    throw new StepError(
      `http-${status}`,
      `The search service answered ${status}. Is the connection “${CONNECTION}” right?`,
      {
        retryable: status === 429 || status >= 500,
      },
    );
  const read = v.safeParse(v.pipe(v.string(), v.parseJson(), Answer), body);
  if (!read.success)
    throw new StepError("search-answer", "The search service answered something else than results as JSON.");
  const { results, web } = read.output;
  return (results ?? web?.results ?? []).map(({ title, url, content, description }) => ({
    title,
    url,
    excerpt: content ?? description ?? "",
  }));
}

function withQuery(address: string, query: Readonly<Record<string, string>>): string {
  const url = new URL(address);
  for (const [name, text] of Object.entries(query)) url.searchParams.set(name, text);
  return url.href;
}
