// npm run backup -- <file>: everything that a deployment on one machine needs, in one file. It may go on serving meanwhile.
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { openDeployment } from "./archive/deployment.ts";
import { makeBackup } from "./archive/make-backup.ts";
import { summarize } from "./archive/summary.ts";
import { readConfig } from "./config.ts";
import { describeDeployment } from "./deployment.ts";
import { holdFolder } from "./holder.ts";

const FOLDER = path.resolve(process.env["CAIRN_HOME"] ?? ".local");
/** Keys, people, and what the seed has made. Everything else is in the database, or made again. */
const FILES = ["config.json", "identity.json", "seeded.json", "env"];

async function main(): Promise<void> {
  const file = requireTarget(process.argv[2]);
  const hold = holdFolder(FOLDER);
  try {
    // People first: one who is in the database and not among them can be invited again; the other way round nobody knows them.
    const files = readFiles();
    const deployment = describeDeployment(readConfig(FOLDER), FOLDER);
    const serve = hold.isFree ? ["neon", "pinecone"] : [];
    const opened = await openDeployment({ folder: FOLDER, deployment, serve });
    try {
      const sealingKey = deployment.env["SECRETS_KEY"] ?? process.env["SECRETS_KEY"] ?? "";
      const manifest = await makeBackup(file, {
        ...opened,
        files,
        sealingKey,
        passphrase: choosePassphrase(file),
      });
      console.log(`cairn  ${summarize(manifest)}, ${(statSync(file).size / 1e6).toFixed(1)} MB in ${file}`);
      tellAboutKeys(file);
    } finally {
      await opened.close();
    }
  } finally {
    if (hold.isFree) hold.release();
  }
}

function requireTarget(argument: string | undefined): string {
  if (!argument) throw new Error("Name the file: npm run backup -- cairn-2026-11-30.backup");
  const file = path.resolve(argument);
  if (existsSync(file))
    throw new Error(`${file} is there already, and a backup overwrites nothing. Choose another name.`);
  if (!existsSync(path.dirname(file))) throw new Error(`There is no folder ${path.dirname(file)}.`);
  if (!existsSync(path.join(FOLDER, "config.json")))
    throw new Error(`There is no deployment in ${FOLDER}. Set CAIRN_HOME if yours lies elsewhere.`);
  return file;
}

function readFiles(): Record<string, string> {
  const present = FILES.filter((name) => existsSync(path.join(FOLDER, name)));
  return Object.fromEntries(present.map((name) => [name, readFileSync(path.join(FOLDER, name), "utf8")]));
}

/** The one that is set; otherwise a new one, in a file of its own. */
function choosePassphrase(file: string): string {
  const given = process.env["CAIRN_BACKUP_PASSPHRASE"];
  if (given) return given;
  const made = randomBytes(24).toString("base64url");
  writeFileSync(`${file}.passphrase`, `${made}\n`, { mode: 0o600 });
  return made;
}

function tellAboutKeys(file: string): void {
  const text = process.env["CAIRN_BACKUP_PASSPHRASE"]
    ? "Keys and passwords in it are sealed with CAIRN_BACKUP_PASSPHRASE."
    : `Keys and passwords in it are sealed with the passphrase in ${path.basename(file)}.passphrase: keep that one in another place. Both are needed to restore.`;
  console.log(`cairn  ${text} What workflows have read and written is in it as it is.`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
