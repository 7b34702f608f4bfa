import { declarationProblems } from "#/agents/tools/http/check.ts";
import { openDocument } from "#/agents/tools/openapi/open-document.ts";
import { importOperations, type ImportedTools } from "#/agents/tools/openapi/operations.ts";
import { isJsonObject, type JsonObject } from "#/lib/json-object.ts";

/** The text of an OpenAPI document, and what its tools shall have of their own. */
export interface ImportTask {
  readonly text: string;
  /** The address that it was read from, to which that of its server may be relative. */
  readonly documentUrl: string | undefined;
  /** The address of the server; undefined for the document's own. */
  readonly baseUrl: string | undefined;
  readonly prefix: string;
  readonly connection: string | undefined;
}

/** The tools that a document can be; or why it can be none: it cannot be read, or does not say where its server is. */
export type ReadImport =
  | ({ readonly ok: true } & ImportedTools)
  | { readonly ok: false; readonly problem: string }
  | { readonly ok: false; readonly lacks: "server" };

/** Reads an OpenAPI document and checks what its operations would be as tools. Costs what the document makes it cost: see readImportApart. */
export function readImport({ text, documentUrl, ...options }: ImportTask): ReadImport {
  const opened = openDocument(text);
  if ("problem" in opened) return { ok: false, problem: `The document ${opened.problem}.` };
  const baseUrl = options.baseUrl ?? findServer(opened.document, documentUrl);
  if (baseUrl === undefined) return { ok: false, lacks: "server" };
  return { ok: true, ...checkTools(importOperations(opened.document, { ...options, baseUrl })) };
}

/** Returns the address of the first server that a document names, which may be relative to the document's own. */
function findServer({ servers }: JsonObject, documentUrl: string | undefined): string | undefined {
  const [first]: readonly unknown[] = Array.isArray(servers) ? servers : [];
  const written = isJsonObject(first) && typeof first["url"] === "string" ? first["url"] : "/";
  const url = URL.parse(written, documentUrl);
  return url && /^https?:$/.test(url.protocol) && !/[{}]|%7B/i.test(url.href) ? url.href : undefined;
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
