import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";
import type { LocalConfig } from "./config.ts";
import { productEnvironment, replicaEnvironment } from "./environment.ts";
import { type Given, type ProductionPlan, planProduction } from "./production/plan.ts";

/** What a start, a backup and a restore have to know of the deployment in a folder. */
export interface Deployment {
  /** What the product's processes get on top of their parent's environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Services to run, each group in one process. */
  readonly services: readonly string[];
  readonly serviceEnv: Readonly<Record<string, string>>;
}

/** These work for every run, and have a process each; the others share one. */
const BUSY = new Set(["neon", "pinecone", "qstash"]);

function groupServices(services: readonly string[]): readonly string[] {
  const others = services.filter((name) => !BUSY.has(name));
  return [...services.filter((name) => BUSY.has(name)), ...(others.length > 0 ? [others.join(",")] : [])];
}

const DEMO_SERVICES = "neon pinecone qstash redis openai anthropic google identity mcp mail search".split(
  " ",
);

/** A deployment on its owner's machine: all of the loopback cloud. */
export function describeDemo(config: LocalConfig): Deployment {
  return { env: productEnvironment(config), services: groupServices(DEMO_SERVICES), serviceEnv: {} };
}

/** A production deployment: what the plan says, with the variables of everything else as the operator has set them. */
export function describeProduction(
  config: LocalConfig,
  { services, own }: ProductionPlan,
  given: Given,
): Deployment {
  const made = Object.entries(productEnvironment(config)).filter(([name]) => !own.includes(name));
  const server = given["CAIRN_POSTGRES_URL"] ?? given["DATABASE_URL"];
  // Of Neon's own replica the product is told as it is; a PostgreSQL gets a door, as its primary does.
  const standby = services.includes("neon") ? given["DATABASE_URL_REPLICA"] : undefined;
  return {
    env: {
      ...Object.fromEntries(made),
      ...(standby && replicaEnvironment(config)),
      HTTP_ALLOW_HOSTS: given["HTTP_ALLOW_HOSTS"] ?? "",
      DATABASE_POOL_SIZE: given["DATABASE_POOL_SIZE"] ?? String(connectionsEach(given)),
    },
    services: groupServices([...services, ...(standby ? ["replica"] : [])]),
    serviceEnv: {
      ...(server && { CAIRN_POSTGRES_URL: server }),
      ...(standby && { CAIRN_POSTGRES_REPLICA_URL: standby }),
    },
  };
}

/** Processes that serve the app: as many as there are cores, unless it is said. */
export function countProcesses(given: Given): number {
  return Math.max(1, Number(given["WEB_CONCURRENCY"]) || availableParallelism());
}

/** All processes together hold twice as many connections as there are cores, and none fewer than four. */
function connectionsEach(given: Given): number {
  return Math.max(4, Math.ceil((2 * availableParallelism()) / countProcesses(given)));
}

/** Describes a deployment by its configuration. @throws when it is a production one and the environment lacks something */
export function describeDeployment(
  config: LocalConfig,
  folder: string,
  environment: Given = process.env,
): Deployment {
  if (config.appUrl === undefined) return describeDemo(config);
  const given = { ...environment, APP_URL: environment["APP_URL"] ?? config.appUrl };
  const plan = requirePlan(given, { folder, offlineModel: !environment["LLM_BASE_URL"] });
  return describeProduction(config, plan, given);
}

/** @throws with everything that is missing */
export function requirePlan(
  given: Given,
  { folder, offlineModel }: { readonly folder: string; readonly offlineModel: boolean },
): ProductionPlan {
  const outcome = planProduction(given, {
    offlineModel,
    hasPeople: existsSync(path.join(folder, "identity.json")),
  });
  if (outcome.ok) return outcome.plan;
  throw new Error(`This production deployment cannot start yet:\n  ${outcome.problems.join("\n  ")}`);
}
