import { createAdaptorServer } from "@hono/node-server";
import { Hono } from "hono";
import { closeServer, listenOnLoopback } from "../loopback.ts";
import { findPages } from "./find-pages.ts";

export interface SearchStandIn {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** A search service on 127.0.0.1 that knows a few made-up pages and answers in SearXNG's shape. */
export async function startSearch({ port }: { readonly port: number }): Promise<SearchStandIn> {
  let origin = "";
  const app = new Hono();
  app.get("/search", (c) => {
    const { q = "", format } = c.req.query();
    // As SearXNG does where JSON is not among its formats.
    if (format !== "json") return c.text("Forbidden", 403);
    if (q.trim() === "") return c.text("No query", 400);
    const results = findPages(q).map(({ path, title, text, score }) => ({
      url: `${origin}/pages/${path}`,
      title,
      content: text.slice(0, 300),
      engine: "stand-in",
      engines: ["stand-in"],
      category: "general",
      score,
    }));
    return c.json({
      query: q,
      number_of_results: results.length,
      results,
      answers: [],
      corrections: [],
      infoboxes: [],
      suggestions: [],
      unresponsive_engines: [],
    });
  });
  app.get("/pages/:path", (c) => {
    const page = findPages("").find(({ path }) => path === c.req.param("path"));
    if (!page) return c.text("There is no such page.", 404);
    return c.html(
      `<!doctype html><html lang="en"><head><title>${page.title}</title></head><body><h1>${page.title}</h1><p>${page.text}</p></body></html>`,
    );
  });
  const server = createAdaptorServer({ fetch: app.fetch });
  origin = `http://127.0.0.1:${await listenOnLoopback(server, port)}`;
  return { url: origin, stop: () => closeServer(server) };
}
