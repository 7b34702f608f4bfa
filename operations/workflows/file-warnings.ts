import { findKnownFiles } from "#/agents/definition/check/known-files.ts";
import { listShownFiles, type ShownFile } from "#/agents/definition/check/shown-files.ts";
import type { Definition } from "#/agents/definition/format/definition.ts";
import type { Problem } from "#/agents/definition/problem.ts";
import { WORK_AT_ONCE, withinWork } from "#/agents/definition/work.ts";
import { describeRefusal } from "#/agents/models/send-files.ts";
import type { Tenant } from "#/db/client.ts";
import { findDocuments, type FoundDocuments } from "#/db/shown-documents.ts";
import { findMakers, type Makers } from "#/operations/connections/models.ts";

/** Documents that are looked up for one check: what more of them are is not told. */
const MOST_DOCUMENTS = 200;

/** A file as far as the definition and the workspace tell. */
interface Told {
  readonly name: string;
  readonly contentTypes: readonly string[];
  readonly bytes?: number;
}

/**
 * Lists the files that a model of a step cannot be shown, as far as that is known before a run, in the words of the call that would fail. A draft with
 * warnings can be published: documents and connections change.
 */
export async function fileWarnings(tenant: Tenant, definition: Definition): Promise<readonly Problem[]> {
  // For all entries together: what is not worked out by then is not told of.
  const shown = withinWork(WORK_AT_ONCE, () =>
    listShownFiles(definition).flatMap((file) =>
      findKnownFiles(file.text, definition.input).map((known) => ({ file, known })),
    ),
  );
  // Most workflows show no file, and nothing is looked up for them.
  if (shown.length === 0) return [];
  const names = shown.flatMap(({ known }) => ("document" in known ? [known.document] : []));
  const [makers, documents] = await Promise.all([
    findMakers(tenant),
    findDocuments(tenant, names.slice(0, MOST_DOCUMENTS)),
  ]);
  return shown.flatMap(({ file, known }) => {
    const told = "document" in known ? readDocument(documents, known.document) : known;
    const message = told && describeWarning(file, told, makers);
    return message === undefined ? [] : [{ path: file.path, message }];
  });
}

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
