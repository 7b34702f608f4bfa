import { execFile, spawn } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Region, startRegion } from "#/tests/support/regions.ts";
import { scratchDirectory } from "#/tests/support/scratch-directory.ts";
import { query } from "#/tests/support/sql-functions.ts";
import { seedWorkspace } from "#/tests/support/workspace.ts";

let folder: string;
let eu: Region;
let us: Region;
beforeAll(async () => {
  folder = scratchDirectory();
  eu = await startRegion("eu");
  us = await startRegion("us");
  for (const region of [eu, us]) writeEnv(region.name, region.variables);
});
afterAll(async () => {
  await eu.stop();
  await us.stop();
  rmSync(folder, { recursive: true });
});

const fileOf = (name: string) => path.join(folder, `${name}.env`);
function writeEnv(name: string, variables: Readonly<Record<string, string>>): void {
  const lines = Object.entries(variables).map(([key, value]) => `${key}='${value}'`);
  writeFileSync(fileOf(name), lines.join("\n"));
}

const argumentsFor = (workspace: string, ...more: readonly string[]) =>
  ["local/move.ts", workspace, "--from", fileOf("eu"), "--to", fileOf("us"), ...more] as const;
const run = (...args: Parameters<typeof argumentsFor>) =>
  promisify(execFile)(process.execPath, [...argumentsFor(...args)]);

const isHere = async ({ database }: Region, workspaceId: string) =>
  (await query(database.ownerUrl, "select from workspaces where id = $1", [workspaceId])).length === 1;

test("npm run move says what it does, survives being killed, and tells what has another address then", async () => {
  const { workspaceId } = await seedWorkspace(eu.database.ownerUrl);
  const killed = spawn(process.execPath, [...argumentsFor(workspaceId)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise((resolve) => killed.once("exit", (_code, signal) => resolve(signal)));
  killed.stdout.on("data", (text: Buffer) => {
    if (text.includes("rows")) killed.kill("SIGKILL");
  });
  expect(await ended).toBe("SIGKILL");
  const { stdout } = await run(workspaceId);
  expect(stdout).toContain("https://us.cairn.test runs the workspace");
  expect(stdout).toContain("https://us.cairn.test/api/hooks/");
  expect(stdout).toContain("give the command again with --delete");
  expect(await isHere(us, workspaceId)).toBe(true);
  expect((await run(workspaceId, "--delete")).stdout).toContain("the source's copy is deleted");
  await expect(run(workspaceId, "--abandon")).rejects.toThrow("Move it back from there");
});

test("npm run move is refused where people sign in with another instance there, unless it is to go without them", async () => {
  const { workspaceId } = await seedWorkspace(eu.database.ownerUrl);
  writeEnv("us", { ...us.variables, CLERK_JWT_KEY: "another" });
  await expect(run(workspaceId)).rejects.toThrow(/different instances[^]*--without-people/);
  expect(await isHere(us, workspaceId)).toBe(false);
  // The same key, written in many lines.
  writeEnv("us", {
    ...us.variables,
    CLERK_JWT_KEY: (us.variables["CLERK_JWT_KEY"] ?? "").replaceAll("\\n", "\n"),
  });
  expect((await run(workspaceId)).stdout).toContain("https://us.cairn.test runs the workspace");
  const { workspaceId: other } = await seedWorkspace(eu.database.ownerUrl);
  writeEnv("us", { ...us.variables, CLERK_JWT_KEY: "another" });
  expect((await run(other, "--without-people")).stdout).toContain("runs the workspace");
  writeEnv("us", us.variables);
});

test("npm run move names what is missing or cannot be", async () => {
  const { workspaceId } = await seedWorkspace(eu.database.ownerUrl);
  await expect(run(workspaceId, "--delete", "--abandon")).rejects.toThrow("npm run move -- <workspace>");
  const call = (from: string, to: string) =>
    promisify(execFile)(process.execPath, ["local/move.ts", workspaceId, "--from", from, "--to", to]);
  await expect(call(fileOf("eu"), fileOf("nowhere"))).rejects.toThrow("There is no file or folder");
  await expect(call(fileOf("eu"), folder)).rejects.toThrow("There is no deployment in");
  const { SECRETS_KEY, ...rest } = us.variables;
  writeEnv("keyless", rest);
  await expect(call(fileOf("eu"), fileOf("keyless"))).rejects.toThrow("lacks SECRETS_KEY");
  writeEnv("other-model", { ...rest, SECRETS_KEY: SECRETS_KEY ?? "", EMBEDDING_MODEL: "f" });
  await expect(call(fileOf("eu"), fileOf("other-model"))).rejects.toThrow("embed differently");
  await expect(call(fileOf("eu"), fileOf("eu"))).rejects.toThrow("same database");
  expect(
    await query(eu.database.ownerUrl, "select from workspace_moves where workspace_id = $1", [workspaceId]),
  ).toEqual([]);
});
