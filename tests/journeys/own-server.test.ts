import { execFile, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { promisify } from "node:util";
import { beforeAll, expect, test } from "vitest";
import { KEPT_MS } from "#/local/web/kept-connections.ts";
import { redisUnavailable } from "#/tests/support/redis-server.ts";
import { scratchDirectory } from "#/tests/support/scratch-directory.ts";

const hasNamespaces = spawnSync("unshare", ["-rn", "ip", "link", "set", "lo", "up"]).status === 0;
const unavailable =
  redisUnavailable ??
  (hasNamespaces ? undefined : "this machine lets nobody make a network namespace (unshare -rn)");

// A build is made before, as an operator makes it where there is a network.
beforeAll(async () => {
  if (unavailable === undefined) await promisify(execFile)(process.execPath, ["local/start.ts", "--prepare"]);
});

test.skipIf(unavailable !== undefined)(
  `a production start with a model of its own works where there is no network, and tries to reach none${unavailable === undefined ? "" : ` (cannot run here: ${unavailable})`}`,
  async () => {
    const folder = scratchDirectory();
    const child = spawn("unshare", ["-rn", process.execPath, "tests/support/own-server-process.ts", folder]);
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
    await once(child, "close");
    const result = JSON.parse(output.trim().split("\n").at(-1) ?? "{}") as Record<string, unknown>;
    expect({ ...result, said: "" }, output).toEqual({
      reachesOthers: false,
      seen: expect.stringContaining("connects to 192.0.2.1"),
      status: "succeeded",
      modelCalls: expect.any(Number),
      signUp: 403,
      signedIn: expect.stringMatching(/^signed in$|^no Chromium$/),
      health: 200,
      // Longer than the proxy before it keeps its connections.
      kept: `timeout=${KEPT_MS / 1_000}`,
      backup: expect.stringContaining("rows of"),
      code: 0,
      calls: "",
      said: "",
    });
    expect(result["modelCalls"]).toBeGreaterThan(1);
    expect(result["said"]).toContain("queue: the queue that comes along");
    rmSync(folder, { recursive: true });
  },
  600_000,
);
