import { existsSync, readFileSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseEnv } from "node:util";
import { openDeployment } from "#/local/archive/deployment.ts";
import { readConfig } from "#/local/config.ts";
import { type Deployment, describeDeployment } from "#/local/deployment.ts";
import { holdFolder } from "#/local/holder.ts";
import type { Place } from "#/local/move/place.ts";
import { sealingWith } from "#/local/move/seal.ts";

type Given = Readonly<Record<string, string | undefined>>;

interface Found {
  readonly folder: string;
  readonly deployment: Deployment;
  readonly given: Given;
  readonly isOnThisMachine: boolean;
}

const NEEDED = [
  "APP_URL",
  "DATABASE_URL_UNPOOLED",
  "SECRETS_KEY",
  "PINECONE_API_KEY",
  "KV_REST_API_URL",
  "KV_REST_API_TOKEN",
  "EMBEDDING_MODEL",
  "CLERK_JWT_KEY",
];

/** Opens a deployment: the folder of one on this machine (its CAIRN_HOME), or a file of its variables. @throws with what is missing */
export async function openPlace(argument: string): Promise<Place & { readonly close: () => Promise<void> }> {
  const found = findDeployment(argument);
  const { folder, deployment, given } = found;
  const read = (name: string) => deployment.env[name] ?? given[name];
  const missing = NEEDED.filter((name) => !read(name));
  if (missing.length > 0) throw new Error(`${argument} lacks ${missing.join(", ")}.`);
  const hold = found.isOnThisMachine ? holdFolder(folder) : undefined;
  const release = () => void (hold?.isFree && hold.release());
  try {
    const opened = await openDeployment({
      folder,
      deployment,
      given,
      serve: hold?.isFree ? ["neon", "pinecone", "redis"] : [],
    });
    return {
      database: opened.database,
      vectors: opened.vectors,
      ...describePlace(read),
      close: async () => {
        await opened.close();
        release();
      },
    };
  } catch (error) {
    release();
    throw error;
  }
}

type Described = Omit<Place, "database" | "vectors">;

const describePlace = (read: (name: string) => string | undefined): Described => ({
  kv: { url: read("KV_REST_API_URL") ?? "", token: read("KV_REST_API_TOKEN") ?? "" },
  sealing: sealingWith(read("SECRETS_KEY") ?? ""),
  url: (read("APP_URL") ?? "").replace(/\/+$/, ""),
  region: read("CAIRN_REGION") || undefined,
  embedding: `${read("EMBEDDING_MODEL")}, ${read("EMBEDDING_DIMENSIONS") ?? "1024"} dimensions`,
  signIn: withoutBreaks(read("CLERK_JWT_KEY") ?? ""),
});

/** A key is written in one line or in many, its line breaks as such or as `\\n`. */
const withoutBreaks = (pem: string) => pem.replaceAll(/\\n|\s/g, "");

function findDeployment(argument: string): Found {
  if (!existsSync(argument)) throw new Error(`There is no file or folder ${argument}.`);
  if (statSync(argument).isDirectory()) return inFolder(path.resolve(argument), process.env);
  const given = parseEnv(readFileSync(argument, "utf8"));
  const home = given["CAIRN_HOME"];
  if (home) return inFolder(path.resolve(home), given);
  const deployment = { env: {}, services: [], serviceEnv: {} };
  return { folder: path.join(tmpdir(), "cairn-move"), deployment, given, isOnThisMachine: false };
}

function inFolder(folder: string, given: Given): Found {
  if (!existsSync(path.join(folder, "config.json"))) throw new Error(`There is no deployment in ${folder}.`);
  const deployment = describeDeployment(readConfig(folder), folder, given);
  return { folder, deployment, given, isOnThisMachine: true };
}
