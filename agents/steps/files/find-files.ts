import { createHash } from "node:crypto";
import * as v from "valibot";
import { resolve } from "#/agents/definition/expression/template.ts";
import type { FoundDocuments, ShownDocument } from "#/agents/knowledge/knowledge-ports.ts";
import type { CallFile } from "#/agents/models/call-file.ts";
import { StepError } from "#/agents/steps/step-error.ts";
import type { Task } from "#/agents/steps/task.ts";

/** Files of one step, and their bytes together. Makers take 20 to 50 MB in a request, in which bytes are a third longer. */
const MOST_FILES = 20;
const MOST_BYTES = 15_000_000;

/** Read in one pass: patterns with groups overflow on megabytes. */
const isBase64 = (text: string): boolean => text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);

/** A file as a value of a run: from its input, a webhook, a form, an answer of another service. */
const InlineValue = v.object({
  contentType: v.string(),
  base64: v.pipe(v.string(), v.check(isBase64, "must be base64")),
  name: v.optional(v.nullable(v.string())),
});
const DocumentValue = v.object({ document: v.string() });

/** What one entry of `files` comes to: a document's name or id, or a file. */
type Given = unknown;

/**
 * Finds the files that a step shows its model, by the texts of its `files`: documents of the workspace by name or id, and files that are values of the
 * run. Bytes of documents are not read. @throws StepError where there is none, or where there are too many
 */
export async function findFiles(texts: readonly string[], task: Task): Promise<readonly CallFile[]> {
  if (texts.length === 0) return [];
  const given = resolveFiles(texts, task);
  return openFiles(given, await lookUpDocuments(given, task), task);
}

/** Returns what the texts of `files` come to, lists opened; nothing is no file. @throws ExpressionError, StepError where there are too many */
export function resolveFiles(texts: readonly string[], { scope }: Task): readonly Given[] {
  const given = [resolve(texts, scope)].flat(3).filter((value) => value !== null && value !== "");
  if (given.length > MOST_FILES)
    throw new StepError(
      "files-too-many",
      `The step shows ${given.length} files. A model is shown ${MOST_FILES} at most.`,
    );
  return given;
}

/** Looks up the documents among what was given: one question, however many they are. */
export const lookUpDocuments = (given: readonly Given[], { ports }: Task): Promise<FoundDocuments> =>
  ports.documents.find(
    given.flatMap((value) => {
      const document = readDocumentName(value);
      return document === undefined ? [] : [document];
    }),
  );

/** Makes files of what was given, with the documents that were found. @throws StepError where one is not there, or where they are too large */
export function openFiles(
  given: readonly Given[],
  documents: FoundDocuments,
  task: Task,
): readonly CallFile[] {
  const files = given.map((value) => openFile(value, documents, task));
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  if (bytes > MOST_BYTES)
    throw new StepError(
      "files-too-large",
      `The files of the step have ${(bytes / 1e6).toFixed(1)} MB together. A model is shown ${MOST_BYTES / 1e6} MB at most.`,
    );
  return files;
}

function readDocumentName(value: Given): string | undefined {
  const { success, output } = v.safeParse(v.union([v.string(), DocumentValue]), value);
  if (!success) return undefined;
  return typeof output === "string" ? output : output.document;
}

function openFile(value: Given, documents: FoundDocuments, task: Task): CallFile {
  const name = readDocumentName(value);
  if (name !== undefined) return openDocument(name, documents.get(name), task);
  const inline = v.safeParse(InlineValue, value);
  if (inline.success) return openInline(inline.output);
  throw new StepError(
    "file-unknown",
    `A value of “files” is neither the name or id of a document nor a file, which is {contentType, base64, name}: ${JSON.stringify(value)?.slice(0, 100)}`,
  );
}

function openInline({ contentType, base64, name }: v.InferOutput<typeof InlineValue>): CallFile {
  const content = Buffer.from(base64, "base64");
  return {
    name: name ?? "file",
    contentType,
    bytes: content.length,
    sha256: createHash("sha256").update(content).digest("hex"),
    read: async () => content,
  };
}

function openDocument(
  idOrName: string,
  document: ShownDocument | undefined,
  { ports: { documents } }: Task,
): CallFile {
  if (!document) throw gone(idOrName);
  const { id, ...file } = document;
  return {
    ...file,
    read: async () => {
      const content = await documents.read(id);
      if (!content) throw gone(idOrName);
      return content;
    },
  };
}

const gone = (idOrName: string) => new StepError("file-not-found", describeMissingFile(idOrName));

/** Says that a document that is to be shown is not there: what the step fails with, and what checking warns of. */
export const describeMissingFile = (idOrName: string): string =>
  `The workspace has no document “${idOrName}”. It may have been deleted. Add it under Knowledge, or name another one.`;
