import { spawn } from "node:child_process";
import { once } from "node:events";
import { renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Pinecone } from "@pinecone-database/pinecone";
import { beforeEach, expect, it } from "vitest";
import { openWhenNeeded } from "#/local/pinecone/database.ts";
import { startPinecone } from "#/local/pinecone/serve.ts";
import { scratchDirectory } from "#/tests/support/scratch-directory.ts";

const API_KEY = "contract-key";
const INDEX = { name: "kept", dimension: 2, metric: "cosine" as const };
const SPEC = { serverless: { cloud: "aws" as const, region: "us-east-1" } };

let dataDir: string;
beforeEach(() => {
  dataDir = path.join(scratchDirectory(), "vectors");
});

const controlPlane = (port: number) =>
  new Pinecone({ apiKey: API_KEY, controllerHostUrl: `http://127.0.0.1:${port}` }).indexes;
const ensureIndex = (port: number) =>
  controlPlane(port).create({ ...INDEX, spec: SPEC, suppressConflicts: true, waitUntilReady: true });

/** By hand: the official client repeats what fails, and remembers hosts for the life of the process. */
function ask(port: number, route: string, body: object): Promise<Response> {
  const headers = { "api-key": API_KEY };
  return fetch(`http://127.0.0.1:${port}/i/kept/${route}`, {
    method: "POST",
    headers,
    body: JSON.stringify(body),
  });
}
const store = (port: number, id: string) =>
  ask(port, "vectors/upsert", { vectors: [{ id, values: [1, 0] }] });

async function searchIds(port: number): Promise<readonly string[]> {
  const response = await ask(port, "query", { vector: [1, 0], topK: 100 });
  const { matches }: { matches: readonly { id: string }[] } = await response.json();
  return matches.map(({ id }) => id).toSorted();
}

it("opens the database for the first vector, not for the index; who meets one that cannot be opened is told, and the next one is served", async () => {
  const first = await startPinecone({ port: 0, apiKey: API_KEY, dataDir });
  await ensureIndex(first.port);
  await store(first.port, "a");
  await first.stop();
  const control = path.join(dataDir, "global/pg_control");
  renameSync(control, `${control}.away`);

  const second = await startPinecone({ port: 0, apiKey: API_KEY, dataDir });
  await ensureIndex(second.port);
  expect(await controlPlane(second.port).describe("kept")).toMatchObject(INDEX);
  const refused = await ask(second.port, "query", { vector: [1, 0], topK: 1 });
  expect([refused.status, await refused.json()]).toMatchObject([500, { error: { code: "INTERNAL" } }]);
  renameSync(`${control}.away`, control);
  expect(await searchIds(second.port)).toEqual(["a"]);
  await second.stop();
});

it("opens one database for those who come at once", async () => {
  const database = openWhenNeeded(dataDir);
  const make = () => database.script("CREATE TEMP TABLE of_one_engine ()");
  const made = await Promise.allSettled([make(), make(), make()]);
  expect(made.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "rejected"]);
  await database.close();
});

it("has an index as it was configured last after kill -9, and none that was deleted", async () => {
  const first = await startInChild(dataDir);
  await ensureIndex(first.port);
  await controlPlane(first.port).create({ ...INDEX, name: "doomed", spec: SPEC });
  await controlPlane(first.port).list();
  await controlPlane(first.port).configure("kept", { tags: { team: "a" } });
  await controlPlane(first.port).delete("doomed");
  await first.kill();

  const second = await startInChild(dataDir);
  const { indexes } = await controlPlane(second.port).list();
  expect(indexes).toMatchObject([{ ...INDEX, tags: { team: "a" } }]);
  await second.kill();

  const third = await startPinecone({ port: 0, apiKey: API_KEY, dataDir });
  expect(await controlPlane(third.port).describe("kept")).toMatchObject({ ...INDEX, tags: { team: "a" } });
  await third.stop();
});

it("reads the indexes from the database where another version has kept them in another shape", async () => {
  const first = await startPinecone({ port: 0, apiKey: API_KEY, dataDir });
  await ensureIndex(first.port);
  await first.stop();
  writeFileSync(path.join(dataDir, "cairn-indexes.json"), JSON.stringify([{ name: "kept" }]));

  const second = await startPinecone({ port: 0, apiKey: API_KEY, dataDir });
  expect(await controlPlane(second.port).describe("kept")).toMatchObject(INDEX);
  await second.stop();
});

/** A server in a process of its own, which ends with this one at the latest. */
async function startInChild(folder: string): Promise<{ port: number; kill: () => Promise<void> }> {
  const source = `
    import { startPinecone } from "#/local/pinecone/serve.ts";
    const { port } = await startPinecone(${JSON.stringify({ port: 0, apiKey: API_KEY, dataDir: folder })});
    process.stdin.resume().on("end", () => process.exit());
    console.log(port);`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", source], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const [line]: unknown[] = await once(child.stdout, "data");
  return {
    port: Number(String(line)),
    kill: async () => {
      const gone = once(child, "exit");
      child.kill("SIGKILL");
      await gone;
    },
  };
}
