// npm run restore -- <file>: a deployment out of a backup, in a folder and a database that have none.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import * as v from "valibot";
import { openDeployment } from "./archive/deployment.ts";
import { openBackup, type OpenBackup, restoreBackup } from "./archive/restore-backup.ts";
import { summarize } from "./archive/summary.ts";
import { openConfig } from "./config.ts";
import { describeDeployment } from "./deployment.ts";
import { holdFolder } from "./holder.ts";

const FOLDER = path.resolve(process.env["CAIRN_HOME"] ?? ".local");

async function main(): Promise<void> {
  const file = requireArchive(process.argv[2]);
  const hold = holdFolder(FOLDER);
  if (!hold.isFree)
    throw new Error(`Cairn is running here (${hold.holder}). A restore is for an empty place.`);
  try {
    await restore(await openBackup(file, readPassphrase(file)));
  } finally {
    hold.release();
  }
}

/** The files come first: with them a restore that was ended before its last moment can be begun again. */
async function restore(backup: OpenBackup): Promise<void> {
  placeFiles(backup.files);
  const deployment = describeDeployment(await openConfig(FOLDER), FOLDER);
  const { env } = deployment;
  const opened = await openDeployment({ folder: FOLDER, deployment, serve: ["neon", "pinecone", "qstash"] });
  try {
    const manifest = await restoreBackup(backup, {
      ...opened,
      sealingKey: env["SECRETS_KEY"] ?? process.env["SECRETS_KEY"] ?? "",
    });
    console.log(`cairn  ${summarize(manifest)} of ${backup.about.madeAt} are restored`);
    await opened.run("setup", ["--conditions=react-server", "scripts/setup.ts"], env);
    console.log(
      "cairn  The schema is this version's. Start it: runs that waited wait on, and those under way continue.",
    );
    if (process.env["REDIS_URL"])
      console.log(
        "cairn  If REDIS_URL has served this deployment before, empty it first: it may remember what is newer.",
      );
  } finally {
    await opened.close();
  }
}

function requireArchive(argument: string | undefined): string {
  if (!argument) throw new Error("Name the file: npm run restore -- cairn-2026-11-30.backup");
  const file = path.resolve(argument);
  if (!existsSync(file)) throw new Error(`There is no file ${file}.`);
  return file;
}

function readPassphrase(file: string): string {
  const given = process.env["CAIRN_BACKUP_PASSPHRASE"];
  if (given) return given;
  if (existsSync(`${file}.passphrase`)) return readFileSync(`${file}.passphrase`, "utf8").trim();
  throw new Error(
    `The keys in the backup are sealed. Put its passphrase into ${file}.passphrase, or set CAIRN_BACKUP_PASSPHRASE.`,
  );
}

/** @throws when another deployment is in the folder */
function placeFiles(files: Readonly<Record<string, string>>): void {
  refuseOtherDeployment(files["config.json"] ?? "{}");
  for (const [name, content] of Object.entries(files)) {
    const place = path.join(FOLDER, path.basename(name));
    if (!existsSync(place)) writeFileSync(place, content, { mode: 0o600 });
  }
}

function refuseOtherDeployment(config: string): void {
  const place = path.join(FOLDER, "config.json");
  if (!existsSync(place)) return;
  if (secretsIn(readFileSync(place, "utf8")) === secretsIn(config)) return;
  throw new Error(
    `Another deployment is in ${FOLDER}, and a restore overwrites nothing. Move it away, or set CAIRN_HOME to an empty folder.`,
  );
}

const Config = v.object({ secrets: v.any() });
const secretsIn = (config: string) => JSON.stringify(v.parse(Config, JSON.parse(config)).secrets);

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
