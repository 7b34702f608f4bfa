import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
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

  it("send the proxy where app and identity are", () => {
    const caddy = read("docs/deploy/Caddyfile");
    expect(caddy).toMatch(/handle_path \/__clerk\/\* \{\s+reverse_proxy localhost:3001/);
    expect(caddy).toContain("reverse_proxy localhost:3000");
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
