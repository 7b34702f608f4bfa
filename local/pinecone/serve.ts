import { setTimeout as sleep } from "node:timers/promises";
import { createAdaptorServer } from "@hono/node-server";
import { Hono, type MiddlewareHandler } from "hono";
import * as v from "valibot";
import { FaultPlan, FaultRequest } from "#/local/faults.ts";
import { closeServer, listenOnLoopback } from "#/local/loopback.ts";
import { controlRoutes } from "#/local/pinecone/control-routes.ts";
import { dataRoutes } from "#/local/pinecone/data-routes.ts";
import { openWhenNeeded } from "#/local/pinecone/database.ts";
import { IndexFile } from "#/local/pinecone/index-file.ts";
import { IndexCatalogue } from "#/local/pinecone/indexes.ts";
import { Refusal } from "#/local/pinecone/refusal.ts";
import { writeLag } from "#/local/pinecone/write-lag.ts";

export interface PineconeOptions {
  /** 0 lets the system choose. */
  readonly port: number;
  readonly apiKey: string;
  /** The folder of the vectors; undefined keeps them in memory. */
  readonly dataDir: string | undefined;
  /** Makes writes visible only after this time, to show code that trusts its reads too early. */
  readonly lagMs?: number;
}

/** Pinecone's control and data plane (API 2026-07, dense vectors) on 127.0.0.1. Every request needs the key. */
export async function startPinecone({ port: wanted, apiKey, dataDir, lagMs = 0 }: PineconeOptions): Promise<{
  readonly port: number;
  readonly stop: () => Promise<void>;
}> {
  const database = openWhenNeeded(dataDir);
  const lag = writeLag(lagMs);
  const catalogue = new IndexCatalogue(database, new IndexFile(dataDir));
  let port = wanted;

  const app = new Hono();
  app.use(requireKey(apiKey));
  app.onError(explain);
  faultRoutes(app, new FaultPlan());
  app.route(
    "/indexes",
    controlRoutes(catalogue, () => `http://127.0.0.1:${port}`),
  );
  app.route("/", dataRoutes({ database, catalogue, lag }));

  const server = createAdaptorServer({ fetch: app.fetch });
  port = await listenOnLoopback(server, wanted);
  const stop = async () => {
    await closeServer(server);
    await lag.settle();
    await database.close();
  };
  return { port, stop };
}

function requireKey(apiKey: string): MiddlewareHandler {
  return async (c, next) => {
    if (c.req.header("api-key") === apiKey) return next();
    const message = "Invalid API Key: send it in the Api-Key header";
    return c.json(
      { code: 16, status: 401, message, details: [], error: { code: "UNAUTHENTICATED", message } },
      401,
    );
  };
}

/** `POST /_faults` plans errors and delays for the requests after it, `DELETE /_faults` forgets them. */
function faultRoutes(app: Hono, faults: FaultPlan): void {
  app.post("/_faults", async (c) => {
    faults.add(v.parse(FaultRequest, await c.req.json()));
    return c.json({});
  });
  app.delete("/_faults", (c) => {
    faults.clear();
    return c.json({});
  });
  app.use(async (c, next) => {
    const fault = faults.take(c.req.path);
    if (fault?.delayMs !== undefined) await sleep(fault.delayMs);
    if (fault?.malformed === true) return c.text("<html>not Pinecone</html>");
    if (fault?.status === undefined) return next();
    return Response.json({ code: fault.status, message: "planned fault" }, { status: fault.status });
  });
}

/** Each status as Pinecone's planes name it: a word on the control plane, a gRPC number on the data plane. */
const CODES: Readonly<Record<Refusal["status"] | 500, readonly [word: string, grpc: number]>> = {
  400: ["INVALID_ARGUMENT", 3],
  403: ["FORBIDDEN", 7],
  404: ["NOT_FOUND", 5],
  409: ["ALREADY_EXISTS", 6],
  422: ["UNPROCESSABLE_ENTITY", 3],
  500: ["INTERNAL", 13],
};

/** Both error shapes of Pinecone's planes in one body: clients read the one they know. */
function explain(error: Error): Response {
  const refusal = asRefusal(error);
  if (refusal === undefined) console.error("pinecone façade:", error);
  const status = refusal?.status ?? 500;
  const { message } = refusal ?? error;
  const [word, code] = CODES[status];
  return Response.json({ code, status, message, details: [], error: { code: word, message } }, { status });
}

function asRefusal(error: Error): Refusal | undefined {
  if (error instanceof Refusal) return error;
  return error instanceof SyntaxError ? new Refusal(`the body is not JSON: ${error.message}`) : undefined;
}
