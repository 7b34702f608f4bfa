import { Worker } from "node:worker_threads";
import type { ImportTask, ReadImport } from "#/agents/tools/openapi/read-import.ts";
import { type ApartLimits, limitThread, workApart } from "#/lib/work-apart.ts";

/** The most that one OpenAPI document may cost: 5 MB of YAML take 10 seconds and 500 MB. */
const IMPORT_LIMITS: ApartLimits = { readingMs: 40_000, heapMegabytes: 700, bufferMegabytes: 256 };

/**
 * Reads an OpenAPI document in a thread of its own, within limits. A small one too: 100 kB in which a thousand operations refer to one large schema are
 * as much work as megabytes. @throws when the thread itself fails, which is no word about the document
 */
export async function readImportApart(
  task: ImportTask,
  limits: ApartLimits = IMPORT_LIMITS,
): Promise<ReadImport> {
  const worker = new Worker(new URL("./import-thread.ts", import.meta.url), {
    workerData: task,
    env: {},
    resourceLimits: limitThread(limits),
  });
  const reading = await workApart<ReadImport>(worker, limits);
  if ("answer" in reading) return reading.answer;
  const excess =
    reading.over === "time" ? `longer than ${limits.readingMs / 1000} seconds` : "more memory than it may";
  return {
    ok: false,
    problem: `Reading the document takes ${excess}. Give it as JSON, which is read many times faster than YAML, or take paths and schemas out that you do not need.`,
  };
}
