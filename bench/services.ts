// The data plane: a tenant query over the Neon wire, and a filtered vector search over 10,000 vectors of 1,024 dimensions.
import { percentiles, report, timeAll } from "#/bench/percentiles.ts";
import { openDatabase } from "#/db/client.ts";
import { startPinecone } from "#/local/pinecone/serve.ts";
import { startTestDatabase } from "#/tests/support/database.ts";
import { setEnvironment } from "#/tests/support/environment.ts";
import { seededRandom } from "#/tests/support/random.ts";
import { seedWorkspace } from "#/tests/support/workspace.ts";

const DIMENSIONS = 1024;
const VECTORS = 10_000;

for (const engine of ["postgres", "pglite"] as const) {
  const database = await startTestDatabase(engine);
  const db = openDatabase(database.runtimeUrl, 8);
  const tenant = db.tenant(await seedWorkspace(database.ownerUrl));
  const read = async () =>
    void (await tenant.batch((query) => [
      query.selectFrom("agent_sessions").selectAll().orderBy("created_at", "desc").limit(25),
    ]));
  await timeAll(100, 4, read);
  report(`tenant read over the Neon wire (HTTP batch), ${engine}`, percentiles(await timeAll(1000, 1, read)));
  const write = () =>
    tenant.transaction(
      async (trx) => void (await trx.updateTable("workspaces").set({ limits: "{}" }).execute()),
    );
  report(
    `tenant transaction over the Neon wire (WebSocket), ${engine}`,
    percentiles(await timeAll(500, 1, write)),
  );
  await db.close();
  await database.stop();
}

const pinecone = await startPinecone({ port: 0, apiKey: "bench", dataDir: undefined });
setEnvironment({ PINECONE_API_KEY: "bench", PINECONE_CONTROLLER_HOST: `http://127.0.0.1:${pinecone.port}` });
const { ensureIndex, searchPassages, storePassages } = await import("#/lib/cloud/vectors.ts");
await ensureIndex(DIMENSIONS);
const random = seededRandom(1);
const vector = () => Array.from({ length: DIMENSIONS }, () => Math.round((random() - 0.5) * 1e4) / 1e4);
for (let start = 0; start < VECTORS; start += 500) {
  await storePassages(
    "bench",
    Array.from({ length: 500 }, (_, index) => ({
      id: `v${start + index}`,
      values: vector(),
      metadata: { document: `d${index % 10}`, position: index },
    })),
  );
}
const search = async () =>
  void (await searchPassages("bench", { values: vector(), topK: 5, filter: { document: "d3" } }));
await timeAll(10, 1, search);
report(
  `vector search, top 5 of ${VECTORS} × ${DIMENSIONS}, 10 % filter`,
  percentiles(await timeAll(100, 1, search)),
);
const unfiltered = async () => void (await searchPassages("bench", { values: vector(), topK: 5 }));
report(
  `vector search, top 5 of ${VECTORS} × ${DIMENSIONS}, no filter`,
  percentiles(await timeAll(60, 1, unfiltered)),
);
await pinecone.stop();
process.exit(0);
