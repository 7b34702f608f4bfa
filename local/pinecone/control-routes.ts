import { Hono } from "hono";
import type { IndexCatalogue, VectorIndex } from "#/local/pinecone/indexes.ts";

/** The control plane: create, list, describe and delete indexes. `host()` is where the data plane answers. */
export function controlRoutes(catalogue: IndexCatalogue, host: () => string): Hono {
  const describe = (index: VectorIndex) => ({
    name: index.name,
    host: `${host()}/i/${index.name}`,
    status: { ready: true, state: "Ready" },
    read_capacity: { mode: "OnDemand", status: { state: "Ready" } },
    schema: {
      fields: { [index.field]: { type: "dense_vector", dimension: index.dimension, metric: index.metric } },
    },
    ...index.settings,
    deployment: { environment: "local", ...index.settings.deployment },
  });
  const routes = new Hono();
  routes.post("/", async (c) => c.json(describe(await catalogue.create(await c.req.json())), 201));
  routes.get("/", async (c) => c.json({ indexes: (await catalogue.all()).map(describe) }));
  routes.get("/:name", async (c) => c.json(describe(await catalogue.named(c.req.param("name")))));
  routes.patch("/:name", async (c) =>
    c.json(describe(await catalogue.configure(c.req.param("name"), await c.req.json()))),
  );
  routes.delete("/:name", async (c) => {
    await catalogue.delete(c.req.param("name"));
    return c.body(null, 202);
  });
  return routes;
}
