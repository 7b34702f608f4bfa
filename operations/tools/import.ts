import "server-only";
import { unknownName } from "#/agents/definition/problem.ts";
import type { ImportedTools } from "#/agents/tools/openapi/operations.ts";
import { readImportApart } from "#/agents/tools/openapi/read-import-apart.ts";
import type { Input } from "#/lib/http/contract.ts";
import { type Refusal, refuse } from "#/lib/http/problem.ts";
import { guardedFetch } from "#/lib/http/guarded-fetch.ts";
import { env } from "#/lib/env.ts";
import type { Caller } from "#/operations/caller.ts";
import { type ComparedTool, compareImport } from "#/operations/tools/compare-import.ts";
import { connectionProblems } from "#/operations/tools/connection-problems.ts";
import { storeChoice, type StoredChoice } from "#/operations/tools/store-import.ts";
import type { importToolsContract } from "#/operations/tools/contract.ts";

type Import = Input<typeof importToolsContract>;

interface Imported extends StoredChoice {
  readonly tools: readonly ComparedTool[];
  readonly missing: readonly string[];
  readonly leftOut: readonly { readonly operation: string; readonly message: string }[];
}

/**
 * Reads an OpenAPI document and makes the chosen operations tools, or the tools that they are what the document says now; without a choice it says
 * what there is to choose from. Names that are taken by tools from elsewhere stay as they are. Refuses with `invalid-request` a document that cannot be
 * read, a connection that the workspace has not, and a choice of what the document cannot be.
 */
export async function importTools({ tenant }: Caller, asked: Import): Promise<Imported | Refusal> {
  const [unconnected] = await connectionProblems(tenant, asked.connection, "/connection");
  if (unconnected) return refuse("invalid-request", unconnected.message, { errors: [unconnected] });
  const text = asked.document ?? (await fetchDocument(asked.url ?? ""));
  if (typeof text !== "string") return text;
  const { prefix, baseUrl, connection, url: documentUrl } = asked;
  const read = await readImportApart({ text, documentUrl, baseUrl, prefix, connection });
  if (!read.ok) return "problem" in read ? unreadable(asked, read.problem) : noServer();
  const { tools, leftOut } = read;
  const unknown = findUnknown(asked, { tools, leftOut });
  if (unknown) return unknown;
  const { compared, missing } = await compareImport(tenant, prefix, tools);
  return {
    tools: compared,
    missing,
    leftOut,
    ...(await storeChoice(tenant, {
      chosen: tools.filter(({ name }) => asked.operations?.includes(name)),
      compared,
      removed: missing.filter((name) => asked.remove?.includes(name)),
      importedFrom: asked.url ?? null,
    })),
  };
}

/** So many wrong names are told at once. */
const MOST_TOLD = 20;

/** @returns a refusal that names what was chosen and is no tool of the document, with the nearest that is one or what is in its way */
function findUnknown({ operations = [] }: Import, { tools, leftOut }: ImportedTools): Refusal | undefined {
  const known = new Set(tools.map(({ name }) => name));
  const wrong = operations.flatMap((name, index) => (known.has(name) ? [] : [{ name, index }]));
  if (wrong.length === 0) return undefined;
  const errors = wrong.slice(0, MOST_TOLD).map(({ name, index }) => {
    const path = `/operations/${index}`;
    const message = leftOut.find(({ operation }) => operation === name)?.message;
    return message === undefined
      ? unknownName({ path, what: "tool of this document", name, known })
      : { path, message };
  });
  return refuse("invalid-request", "Not all of what was chosen can be a tool. Nothing was changed.", {
    errors,
  });
}

const FETCH_MS = 20_000;
const LARGEST_BYTES = 5_000_000;

async function fetchDocument(url: string): Promise<string | Refusal> {
  const fetch = guardedFetch({ allowHosts: env().httpAllowHosts, maxBytes: LARGEST_BYTES });
  try {
    const { status, body, truncated } = await fetch({ url, signal: AbortSignal.timeout(FETCH_MS) });
    if (status >= 400) return unreadable({ url }, `The address answered ${status}.`);
    if (typeof body !== "string") return unreadable({ url }, "The address answered no text.");
    return truncated
      ? unreadable({ url }, "The document is longer than what is read from an address.")
      : body;
  } catch (error) {
    return unreadable({ url }, error instanceof Error ? error.message : String(error));
  }
}

function unreadable({ url }: Pick<Import, "url">, message: string): Refusal {
  return refuse("invalid-request", message, {
    errors: [{ path: url === undefined ? "/document" : "/url", message }],
  });
}

const noServer = (): Refusal =>
  refuse("invalid-request", "The document does not say where its server is: give its address.", {
    errors: [
      { path: "/baseUrl", message: "is missing, and the document names no server by a whole address" },
    ],
  });
