import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { Hono } from "hono";
import { compress } from "hono/compress";
import { Refusal } from "#/local/identity/refusal.ts";

const require = createRequire(import.meta.url);
/** The packages whose bundles the app's pages load, by the name in the address. */
const FOLDERS: Readonly<Record<string, string>> = {
  "clerk-js": path.dirname(require.resolve("@clerk/clerk-js")),
  ui: path.dirname(require.resolve("@clerk/ui")),
};

/** `/npm/@clerk/<package>@<version>/dist/<file>`, as on Clerk's own host: the installed bundles, whatever version is asked for. */
export function assetRoutes(): Hono {
  const routes = new Hono();
  routes.use(compress());
  routes.get("/@clerk/:package/dist/:file", async (c) => {
    const folder = FOLDERS[c.req.param("package").replace(/@.*$/, "")];
    const name = c.req.param("file");
    const text =
      folder && /^[\w.-]+\.js$/.test(name)
        ? await readFile(path.join(folder, name)).catch(() => undefined)
        : undefined;
    if (!text) throw Refusal.notFound("The file");
    return c.body(text, 200, {
      "content-type": "text/javascript; charset=utf-8",
      "access-control-allow-origin": "*",
      "cross-origin-resource-policy": "cross-origin",
      // Chunks carry their version in the name, entries do not.
      "cache-control": /_\d+\.\d+\.\d+\.js$/.test(name)
        ? "public, max-age=31536000, immutable"
        : "public, max-age=3600",
    });
  });
  return routes;
}
