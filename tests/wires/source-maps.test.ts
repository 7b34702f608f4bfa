import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { scratchDirectory } from "#/tests/support/scratch-directory.ts";
import { SentryReleases } from "#/tests/support/sentry-releases.ts";

// What the build's own configuration does when it has compiled, by Sentry's own command, against a loopback of Sentry's API.
const sentry = new SentryReleases();
let url: string;
let dist: string;
beforeAll(async () => {
  url = await sentry.start();
});
afterAll(() => sentry.stop());

const BROWSER = "static/chunks/page.js";
const SERVER = "server/chunks/route.js";

beforeEach(() => {
  sentry.requests.length = 0;
  sentry.files.clear();
  dist = scratchDirectory();
  for (const [file, source] of [
    [BROWSER, "app/page.tsx"],
    [SERVER, "operations/route.ts"],
  ] as const) {
    const target = path.join(dist, file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, `console.log(1);\n//# sourceMappingURL=${path.basename(file)}.map\n`);
    const map = {
      version: 3,
      sources: [source],
      sourcesContent: ["console.log(1)"],
      names: [],
      mappings: "AAAA",
    };
    writeFileSync(`${target}.map`, JSON.stringify(map));
  }
});

/** Loads the configuration as a build does, and calls what it has a build call at its end. */
const BUILD_ENDS = `
const { default: loaded } = await import(process.argv[1]);
const config = typeof loaded === "function" ? await loaded("phase-production-build", { defaultConfig: {} }) : loaded;
await config.compiler?.runAfterProductionCompile?.({ distDir: process.argv[2], projectDir: process.cwd() });
console.log(JSON.stringify({ makesMaps: config.productionBrowserSourceMaps === true }));
`;

async function endBuild(variables: Readonly<Record<string, string>>) {
  const config = new URL("../../next.config.mjs", import.meta.url).href;
  const args = ["--input-type=module", "-e", BUILD_ENDS, config, dist];
  // The command keeps where an organization is, and would look for this one where an earlier test had it.
  const env = {
    ...process.env,
    NODE_ENV: "production" as const,
    TURBOPACK: "1",
    SENTRY_URL: url,
    SENTRY_CONFIG_DIR: scratchDirectory(),
    ...variables,
  };
  const { stdout } = await promisify(execFile)(process.execPath, args, { env });
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "{}") as { readonly makesMaps: boolean };
}

const debugIdOf = (text: string) => /\/\/# debugId=([0-9a-f-]{36})/.exec(text)?.[1];

test("a build that has a token uploads the source maps of browser and server for its release, and serves none", async () => {
  const { makesMaps } = await endBuild({
    SENTRY_AUTH_TOKEN: "sntrys_loopback",
    SENTRY_ORG: "acme",
    SENTRY_PROJECT: "cairn",
    VERCEL_GIT_COMMIT_SHA: "0123abc",
  });
  expect(makesMaps).toBe(true);
  const release = sentry.requests.find(({ path: at }) => at === "/api/0/organizations/acme/releases/");
  expect(release).toMatchObject({ method: "POST", authorization: "Bearer sntrys_loopback" });
  expect(JSON.parse(release?.body ?? "{}")).toMatchObject({ version: "0123abc", projects: ["cairn"] });
  const names = [...sentry.files.keys()];
  for (const file of [BROWSER, SERVER]) {
    const deployed = readFileSync(path.join(dist, file), "utf8");
    const name = names.find((one) => one.endsWith(path.basename(file))) ?? "";
    // The one of the code that is served finds its map in the bundle.
    expect(debugIdOf(deployed)).toBeDefined();
    expect(debugIdOf(sentry.files.get(name) ?? "")).toBe(debugIdOf(deployed));
    const map = JSON.parse(
      sentry.files.get(names.find((one) => one.endsWith(`${path.basename(file)}.map`)) ?? "") ?? "{}",
    );
    expect(map.debug_id ?? map.debugId).toBe(debugIdOf(deployed));
    expect(map.sourcesContent).toEqual(["console.log(1)"]);
  }
  expect(sentry.files.get("manifest.json")).toContain('"0123abc"');
  expect(existsSync(path.join(dist, `${BROWSER}.map`))).toBe(false);
});

test("a build without a token makes no maps for browsers and calls nobody", async () => {
  const { makesMaps } = await endBuild({
    SENTRY_AUTH_TOKEN: "",
    SENTRY_ORG: "acme",
    SENTRY_PROJECT: "cairn",
  });
  expect(makesMaps).toBe(false);
  expect(sentry.requests).toEqual([]);
  expect(readFileSync(path.join(dist, BROWSER), "utf8")).not.toContain("debugId");
});
