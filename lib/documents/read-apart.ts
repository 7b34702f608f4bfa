import { Worker } from "node:worker_threads";
import { DOCUMENT_LIMITS } from "#/lib/documents/limits.ts";
import type { Passages } from "#/lib/documents/passages.ts";
import type { ReaderTask } from "#/lib/documents/reader-thread.ts";
import { type ApartLimits, limitThread, workApart } from "#/lib/work-apart.ts";

/**
 * Reads a document in a thread of its own, within limits: beyond them the document is refused with the reason.
 * @throws when the thread itself fails, which is no word about the document
 */
export async function readApart(task: ReaderTask, limits: ApartLimits = DOCUMENT_LIMITS): Promise<Passages> {
  const worker = new Worker(new URL("./reader-thread.ts", import.meta.url), {
    workerData: task,
    env: {},
    resourceLimits: limitThread(limits),
  });
  const reading = await workApart<Passages>(worker, limits);
  if ("answer" in reading) return reading.answer;
  const excess =
    reading.over === "time" ? `longer than ${limits.readingMs / 1000} seconds` : "more memory than it may";
  return {
    ok: false,
    reason: `Reading the document takes ${excess}. Split it, or save it as text, and upload that.`,
  };
}
