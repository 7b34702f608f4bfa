import { findKnownFiles, type KnownFile } from "#/agents/definition/check/known-files.ts";
import {
  listSearchedDocuments,
  type SearchedDocument,
} from "#/agents/definition/check/searched-documents.ts";
import { listShownFiles, type ShownFile } from "#/agents/definition/check/shown-files.ts";
import type { Definition } from "#/agents/definition/format/definition.ts";
import { nearest, type Problem } from "#/agents/definition/problem.ts";
import { TooMuchWork, WORK_AT_ONCE, withinWork } from "#/agents/definition/work.ts";
import { describeRefusal } from "#/agents/models/send-files.ts";
import { describeMissingFile } from "#/agents/steps/files/find-files.ts";
import type { FoundDocuments } from "#/agents/knowledge/knowledge-ports.ts";
import type { Tenant } from "#/db/client.ts";
import { findDocuments, listDocumentNames } from "#/db/shown-documents.ts";
import { findMakers, type Makers } from "#/operations/connections/models.ts";

/** Documents that are looked up for one check: what more of them are is not told. */
const MOST_DOCUMENTS = 200;

/** What a definition says of files, as far as that does not depend on the run. */
interface NamedFiles {
  readonly shown: readonly { readonly file: ShownFile; readonly known: KnownFile }[];
  readonly searched: readonly SearchedDocument[];
}

/** A file as far as the definition and the workspace tell. */
interface Told {
  readonly name: string;
  readonly contentTypes: readonly string[];
  readonly bytes?: number;
}

/**
 * Lists the documents that a definition names and the workspace has not, and the files that a model of a step cannot be shown: as far as that is
 * known before a run, and in the words of the call that would fail. A draft with warnings can be published: documents and connections change.
 */
export async function fileWarnings(tenant: Tenant, definition: Definition): Promise<readonly Problem[]> {
  const { shown, searched } = listNamedFiles(definition);
  // Most workflows name no file, and nothing is looked up for them.
  if (shown.length + searched.length === 0) return [];
  const named = shown.flatMap(({ known }) => ("document" in known ? [known.document] : []));
  const names = [...new Set([...named, ...searched.map(({ document }) => document)])];
  const asked = names.slice(0, MOST_DOCUMENTS);
  const [makers, documents] = await Promise.all([findMakers(tenant), findDocuments(tenant, asked)]);
  const missing = asked.filter((name) => !documents.has(name));
  const known = missing.length === 0 ? [] : await listDocumentNames(tenant);
  const suggestions = withinWork(WORK_AT_ONCE, () => suggestDocuments(missing, known));
  return [
    ...shown.flatMap(({ file, known: one }) => warnOfShown(file, one, { makers, documents, suggestions })),
    ...searched.flatMap((one) => warnOfSearched(one, documents, suggestions)),
  ];
}

/** For all entries together: what is not worked out by then is not told of. */
const listNamedFiles = (definition: Definition): NamedFiles =>
  withinWork(WORK_AT_ONCE, () => ({
    shown: listShownFiles(definition).flatMap((file) =>
      findKnownFiles(file.text, definition.input).map((known) => ({ file, known })),
    ),
    searched: listSearchedDocuments(definition),
  }));

/** By the name of a document that there is not: the nearest one that there is. */
type Suggestions = ReadonlyMap<string, string | undefined>;

const suggestDocuments = (missing: readonly string[], known: readonly string[]): Suggestions =>
  new Map(missing.map((name) => [name, suggestDocument(name, known)]));

/** A suggestion is only nice to have: where comparing takes too much work there is none. */
function suggestDocument(name: string, known: readonly string[]): string | undefined {
  try {
    return nearest(name, known);
  } catch (error) {
    if (error instanceof TooMuchWork) return undefined;
    throw error;
  }
}

interface Workspace {
  readonly makers: Makers;
  readonly documents: FoundDocuments;
  readonly suggestions: Suggestions;
}

function warnOfShown(
  file: ShownFile,
  known: KnownFile,
  { makers, documents, suggestions }: Workspace,
): readonly Problem[] {
  const { path } = file;
  if ("document" in known && suggestions.has(known.document))
    return [warnOfMissing(path, describeMissingFile(known.document), suggestions.get(known.document))];
  const told = "document" in known ? readDocument(documents, known.document) : known;
  const message = told && describeWarning(file, told, makers);
  return message === undefined ? [] : [{ path, message }];
}

/** A search that is narrowed to nothing does not fail, and finds nothing. */
function warnOfSearched(
  { path, document, isId }: SearchedDocument,
  documents: FoundDocuments,
  suggestions: Suggestions,
): readonly Problem[] {
  const found = documents.get(document);
  const isUnknown = suggestions.has(document) || (isId && found !== undefined && found.id !== document);
  if (!isUnknown) return [];
  const message = isId
    ? `The workspace has no document with the id “${document}”. The search finds nothing in it.`
    : `The workspace has no document “${document}”. The search finds nothing in it until it is added under Knowledge.`;
  return [warnOfMissing(path, message, isId ? undefined : suggestions.get(document))];
}

const warnOfMissing = (path: string, message: string, suggestion: string | undefined): Problem => ({
  path,
  message,
  ...(suggestion !== undefined && { suggestion }),
});

function readDocument(documents: FoundDocuments, idOrName: string): Told | undefined {
  const document = documents.get(idOrName);
  return document && { ...document, contentTypes: [document.contentType] };
}

/** Of several who cannot be shown it, the first says so. */
function describeWarning({ viewers }: ShownFile, told: Told, makers: Makers): string | undefined {
  for (const { model, when } of viewers) {
    const maker = makers(model);
    const refusals = told.contentTypes.map((contentType) =>
      maker === undefined ? undefined : describeRefusal(maker, { ...told, contentType }),
    );
    // Where one of the types that it may have is taken, nothing is known.
    if (refusals[0] !== undefined && !refusals.includes(undefined)) return `${when}${refusals[0]}`;
  }
  return undefined;
}
