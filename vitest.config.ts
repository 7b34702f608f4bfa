import { existsSync, statfsSync } from "node:fs";
import os from "node:os";
import { defineConfig } from "vitest/config";

const IN_MEMORY = "/dev/shm";
/** All databases, homes and browsers of one run together stayed under 2 GB. */
const ROOM = 8 * 1024 ** 3;

/** Tells whether a place has room for what all tests write. */
function hasRoom(place: string): boolean {
  if (!existsSync(place)) return false;
  const { bavail, bsize } = statfsSync(place);
  return bavail * bsize > ROOM;
}

// For every process of the run: a fresh database takes 0.5 s in memory and 3.5 s on a slow disk.
process.env["CAIRN_SCRATCH"] ??= hasRoom(IN_MEMORY) ? IN_MEMORY : os.tmpdir();

/** Suites that start servers or a browser run two files at a time: two cores, real databases. */
export default defineConfig({
  // As Next's bundler does for server code: the other file makes React contexts, which the server's React cannot.
  resolve: { alias: { "next/navigation": "next/dist/api/navigation.react-server.js" } },
  ssr: { resolve: { conditions: ["react-server"], externalConditions: ["react-server"] } },
  test: {
    // Its default export throws when it is looked at without variables, which is what loading it from outside does.
    server: { deps: { inline: ["@vercel/kv", "@clerk/nextjs"] } },
    // Only for what hangs. Tests end by what they wait for, however busy the machine is: a hook may make a database.
    testTimeout: 300_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 60_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["{agents,app,sdk,operations,db,lib,local,scripts,tests/support}/**/*.test.{ts,tsx}"],
          // Logic alone, which keeps nothing from one file to the next: modules are loaded once a worker, a third of the time less.
          isolate: false,
          // A group of its own: it takes as many workers as the machine has, and a group has one number of them.
          sequence: { groupOrder: 1 },
        },
      },
      ...["api", "chaos", "engine", "storage", "wires"].map((promise) => ({
        extends: true as const,
        test: {
          name: promise,
          include: [`tests/${promise}/**/*.test.ts`],
          globals: true,
          maxWorkers: 2,
        },
      })),
      {
        extends: true,
        test: {
          name: "journeys",
          include: ["tests/journeys/**/*.test.ts"],
          globalSetup: ["tests/support/started-home.ts"],
          setupFiles: ["tests/support/tell-pages.ts"],
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          name: "deployment",
          include: ["tests/deployment/**/*.test.ts"],
          // Alone and last, which is what this means: its build takes the place of the one that journeys look at.
          fileParallelism: false,
        },
      },
    ],
  },
});
