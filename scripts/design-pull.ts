// npm run design:pull: design variables of a Figma file into app/tokens.css. See docs/figma.md.
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { guardedFetch, guardedStream } from "#/lib/http/guarded-fetch.ts";
import { type Merge, mergeVariables, type Theme, THEMES } from "./design/css-tokens.ts";
import { mcpSource } from "./design/mcp-source.ts";
import { restSource } from "./design/rest-source.ts";
import { PullProblem, type VariableSource } from "./design/variable.ts";

const DESKTOP = "http://127.0.0.1:3845/mcp";
const REMOTE = "https://mcp.figma.com/mcp";
const API = "https://api.figma.com";

const { values: options } = parseArgs({
  options: {
    from: { type: "string", default: "desktop" },
    file: { type: "string" },
    node: { type: "string", default: "0:1" },
    theme: { type: "string", default: "light" },
    tokens: { type: "string", default: "app/tokens.css" },
    url: { type: "string" },
    check: { type: "boolean", default: false },
  },
});

/** Whoever runs this names the address: their own machine is one of those that it may be. */
const reach = (url: string) => ({
  allowHosts: [new URL(url).host],
  timeoutMs: 60_000,
  maxBytes: 16 * 1024 * 1024,
});

const mcpPorts = (url: string) => ({
  stream: guardedStream(reach(url)),
  silenceMs: 60_000,
  newId: () => crypto.randomUUID(),
  now: Date.now,
});

const SOURCES: Readonly<Record<string, () => VariableSource>> = {
  desktop: () => {
    const url = options.url ?? DESKTOP;
    return mcpSource(mcpPorts(url), { url, nodeId: options.node });
  },
  remote: () => {
    const url = options.url ?? REMOTE;
    const token = tokenOf("FIGMA_MCP_TOKEN");
    return mcpSource(mcpPorts(url), { url, token, fileKey: fileKey(), nodeId: options.node });
  },
  rest: () => {
    const api = options.url ?? API;
    return restSource(guardedFetch(reach(api)), { api, token: tokenOf("FIGMA_TOKEN"), fileKey: fileKey() });
  },
};

function tokenOf(name: string): string {
  const token = process.env[name];
  if (token) return token;
  throw new PullProblem(`Set ${name} to your token. docs/figma.md says how to get one.`);
}

function fileKey(): string {
  if (options.file !== undefined) return options.file;
  throw new PullProblem("Name the file: --file KEY, from its address figma.com/design/KEY/…");
}

async function pull(): Promise<void> {
  const theme = THEMES.find((one): one is Theme => one === options.theme);
  const source = Object.hasOwn(SOURCES, options.from) ? SOURCES[options.from] : undefined;
  if (!theme) throw new PullProblem(`--theme is one of ${THEMES.join(", ")}.`);
  if (!source) throw new PullProblem(`--from is one of ${Object.keys(SOURCES).join(", ")}.`);
  const file = path.resolve(options.tokens);
  const variables = await source()();
  const merge = mergeVariables(readFileSync(file, "utf8"), variables, theme);
  tell(merge, variables.length);
  if (options.check) process.exitCode = merge.changes.length > 0 ? 1 : 0;
  else if (merge.changes.length > 0) writeFileSync(file, merge.css);
}

function tell({ changes, refused, unknown }: Merge, read: number): void {
  for (const { token, theme, before, now } of changes) console.log(`${token} (${theme})  ${before} → ${now}`);
  for (const name of refused) console.log(`left out, for it is no value of its kind: ${name}`);
  if (unknown.length > 0) console.log(`without a token of that name: ${unknown.join(", ")}`);
  console.log(
    `${read} variables read, ${changes.length} values ${options.check ? "would change" : "changed"}.`,
  );
}

pull().catch((error: unknown) => {
  if (!(error instanceof PullProblem)) throw error;
  console.error(`design:pull  ${error.message}`);
  process.exitCode = 1;
});
