import "server-only";
import { unknownName } from "#/agents/definition/problem.ts";
import { declarationProblems } from "#/agents/tools/http/check.ts";
import { importOperations, type ImportedTools } from "#/agents/tools/openapi/operations.ts";
import { openDocument } from "#/agents/tools/openapi/open-document.ts";
import type { Input } from "#/lib/http/contract.ts";
import { type Refusal, refuse } from "#/lib/http/problem.ts";
import { guardedFetch } from "#/lib/http/guarded-fetch.ts";
import { env } from "#/lib/env.ts";
import { isJsonObject, type JsonObject } from "#/lib/json-object.ts";
import type { Caller } from "#/operations/caller.ts";
import { type ComparedTool, compareImport } from "#/operations/tools/compare-import.ts";
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
 * read, and a choice of what the document cannot be.
 */
export async function importTools({ tenant }: Caller, asked: Import): Promise<Imported | Refusal> {
  const text = asked.document ?? (await fetchDocument(asked.url ?? ""));
  if (typeof text !== "string") return text;
  const opened = openDocument(text);
  if ("problem" in opened) return unreadable(asked, `The document ${opened.problem}.`);
  const baseUrl = asked.baseUrl ?? findServer(opened.document, asked.url);
  if (baseUrl === undefined)
    return refuse("invalid-request", "The document does not say where its server is: give its address.", {
      errors: [
        { path: "/baseUrl", message: "is missing, and the document names no server by a whole address" },
      ],
    });
  const { prefix, connection } = asked;
  const { tools, leftOut } = checkTools(importOperations(opened.document, { prefix, baseUrl, connection }));
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

/** Leaves out what could not be called as it would be declared. */
function checkTools({ tools, leftOut }: ImportedTools): ImportedTools {
  const problems = new Map(
    tools.flatMap((tool) => {
      const [problem] = declarationProblems(tool);
      return problem ? [[tool.name, `${problem.path} ${problem.message}`] as const] : [];
    }),
  );
  return {
    tools: tools.filter(({ name }) => !problems.has(name)),
    leftOut: [...leftOut, ...[...problems].map(([operation, message]) => ({ operation, message }))],
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

/** Returns the address of the first server that a document names, which may be relative to the document's own. */
function findServer({ servers }: JsonObject, documentUrl: string | undefined): string | undefined {
  const [first]: readonly unknown[] = Array.isArray(servers) ? servers : [];
  const written = isJsonObject(first) && typeof first["url"] === "string" ? first["url"] : "/";
  const url = URL.parse(written, documentUrl);
  return url && /^https?:$/.test(url.protocol) && !/[{}]|%7B/i.test(url.href) ? url.href : undefined;
}
