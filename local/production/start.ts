import { existsSync } from "node:fs";
import path from "node:path";
import type { Children } from "../children.ts";
import { type LocalConfig, openProductionConfig } from "../config.ts";
import { countProcesses, type Deployment, describeProduction, requirePlan } from "../deployment.ts";
import { ensurePerson } from "../seed/person.ts";
import type { Given } from "./plan.ts";

export interface ProductionStart extends Deployment {
  readonly config: LocalConfig;
  /** What serves each part, for people. */
  readonly told: readonly string[];
  readonly launchApp: (children: Children) => Promise<void>;
  readonly makeFirstPerson: () => Promise<string>;
}

/** Prepares a production start. @throws with everything that is missing for one, before anything is made */
export async function openProduction(folder: string, offlineModel: boolean): Promise<ProductionStart> {
  const given: Given = { ...process.env, APP_URL: process.env["APP_URL"]?.replace(/\/+$/, "") };
  const isFirst = !existsSync(path.join(folder, "identity.json"));
  const plan = requirePlan(given, { folder, offlineModel });
  const config = await openProductionConfig(folder, given["APP_URL"] ?? "");
  const deployment = describeProduction(config, plan, given);
  return {
    ...deployment,
    config,
    told: plan.told,
    launchApp: (children) => launchProcesses(children, config, deployment.env),
    makeFirstPerson: async () =>
      isFirst && plan.services.includes("identity")
        ? makeFirstPerson(config, given["CAIRN_ADMIN_EMAIL"] ?? "")
        : "somebody can sign in already",
  };
}

/** Where the proxy finds the app. With 127.0.0.1 Next answers 500 to whatever middleware rewrites. */
const HOST = "localhost";

async function launchProcesses(
  children: Children,
  { ports }: LocalConfig,
  env: Readonly<Record<string, string>>,
): Promise<void> {
  const processes = countProcesses(process.env);
  await children.serve("app", ["local/web.ts", String(ports.app), String(processes), HOST], {
    ...env,
    NODE_ENV: "production",
  });
}

async function makeFirstPerson(config: LocalConfig, email: string): Promise<string> {
  await ensurePerson(config, { email, organization: { name: "Workspace", slug: "workspace" } });
  return `${email} signs in with the password that stands as userPassword in config.json, and changes it then`;
}
