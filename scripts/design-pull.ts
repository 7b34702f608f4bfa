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

const OPTIONS = {
  from: { type: "string", default: "desktop" },
  file: { type: "string" },
  node: { type: "string", default: "0:1" },
  theme: { type: "string", default: "light" },
  tokens: { type: "string", default: "app/tokens.css" },
  url: { type: "string" },
  check: { type: "boolean", default: false },
} as const;
const options = readOptions();

function readOptions() {
  try {
    return parseArgs({ options: OPTIONS }).values;
  } catch (error) {
    const known = Object.keys(OPTIONS).map((name) => `--${name}`);
    console.error(`design:pull  ${messageOf(error)} There are: ${known.join(", ")}.`);
    return process.exit(1);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

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
  if (options.url !== undefined && !URL.canParse(options.url))
    throw new PullProblem(`--url is an address, and ${options.url} is none.`);
  const file = path.resolve(options.tokens);
  const tokens = readTokens(file);
  const variables = await source()();
  if (variables.length === 0)
    throw new PullProblem(
      "It uses no variables. Name a node that does: --node 12:34, from a link to a frame.",
    );
  const merge = mergeVariables(tokens, variables, theme);
  tell(merge, variables.length);
  if (options.check) process.exitCode = merge.changes.length > 0 ? 1 : 0;
  else if (merge.changes.length > 0) writeFileSync(file, merge.css);
}

function readTokens(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new PullProblem(`The tokens cannot be read: ${messageOf(error)}`);
  }
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
