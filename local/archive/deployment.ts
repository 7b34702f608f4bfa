import path from "node:path";
import { Client } from "pg";
import { VectorStore } from "#/local/archive/vectors.ts";
import { Children } from "#/local/children.ts";
import type { Deployment } from "#/local/deployment.ts";
import { serveAll } from "#/local/services.ts";

/** The parts of a deployment that a backup reads and a restore fills. */
export interface Opened {
  readonly database: Client;
  readonly vectors: VectorStore;
  /** Runs one of the deployment's own programs to its end. */
  readonly run: Children["run"];
  readonly close: () => Promise<void>;
}

interface Wishes {
  readonly folder: string;
  readonly deployment: Deployment;
  /** The services that are needed here and that nobody runs. */
  readonly serve: readonly string[];
  /** What the deployment's environment says beside it; without it, this process's. */
  readonly given?: Readonly<Record<string, string | undefined>>;
}

/** Connects to a deployment's database, as its owner, and to its vectors. */
export async function openDeployment({
  folder,
  deployment,
  serve,
  given = process.env,
}: Wishes): Promise<Opened> {
  const children = new Children(folder, (name, log) =>
    console.error(`cairn  ${name} ended and is started again; see ${path.relative(".", log)}`),
  );
  const { env, serviceEnv } = deployment;
  const read = (name: string) => env[name] ?? given[name];
  const database = new Client({ connectionString: read("DATABASE_URL_UNPOOLED") });
  // Whatever it was doing fails with the reason.
  database.on("error", () => undefined);
  const close = async () => {
    await database.end().catch(() => undefined);
    await children.stop();
  };
  try {
    await serveAll(children, {
      // Each by itself, also those that share a process while the deployment runs.
      services: deployment.services
        .flatMap((names) => names.split(","))
        .filter((name) => serve.includes(name)),
      serviceEnv,
      folder,
    });
    await database.connect();
  } catch (error) {
    await close();
    throw error;
  }
  const vectors = new VectorStore({
    apiKey: read("PINECONE_API_KEY") ?? "",
    controllerUrl: read("PINECONE_CONTROLLER_HOST"),
    index: read("PINECONE_INDEX") ?? "cairn",
  });
  return { database, vectors, run: (...command) => children.run(...command), close };
}
