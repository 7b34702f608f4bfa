import type { HeapInfo } from "node:v8";
import { Worker } from "node:worker_threads";
import { DOCUMENT_LIMITS } from "#/lib/documents/limits.ts";
import type { Passages } from "#/lib/documents/passages.ts";
import type { ReaderTask } from "#/lib/documents/reader-thread.ts";

const MEGABYTE = 1_000_000;
/** The time between two looks at the memory of a reader. */
const LOOK_MS = 25;
/** V8 often aborts the whole process when a thread reaches its own limit. So that limit is far above ours, where a look comes first. */
const FAR_ABOVE = 3;

/** The most that reading one document may cost. */
interface ReadingLimits {
  readonly readingMs: number;
  readonly heapMegabytes: number;
  readonly bufferMegabytes: number;
}

/**
 * Reads a document in a thread of its own, where it can cost neither the process nor the other work in it more than the limits: beyond them
 * the document is refused with the reason.
 * @throws when the thread itself fails, which is no word about the document
 */
export async function readApart(
  task: ReaderTask,
  limits: ReadingLimits = DOCUMENT_LIMITS,
): Promise<Passages> {
  const worker = new Worker(new URL("./reader-thread.ts", import.meta.url), {
    workerData: task,
    // What reads files of strangers has no business with keys.
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: limits.heapMegabytes * FAR_ABOVE },
  });
  const watch = new AbortController();
  try {
    return await Promise.race([
      awaitAnswer(worker),
      afterTime(limits.readingMs, watch.signal),
      overMemory(worker, limits, watch.signal),
    ]);
  } finally {
    watch.abort();
    await worker.terminate();
  }
}

function awaitAnswer(worker: Worker): Promise<Passages> {
  return new Promise((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", (error) => (isOutOfMemory(error) ? resolve(TOO_MUCH_MEMORY) : reject(error)));
    worker.once("exit", (code) =>
      reject(new Error(`The thread that reads documents ended with code ${code} and no answer.`)),
    );
  });
}

const isOutOfMemory = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY";

const TOO_MUCH_MEMORY: Passages = {
  ok: false,
  reason:
    "Reading the document takes more memory than it may. Split it, or save it as text, and upload that.",
};

async function afterTime(milliseconds: number, signal: AbortSignal): Promise<Passages> {
  await pause(milliseconds, signal);
  return {
    ok: false,
    reason: `Reading the document takes longer than ${milliseconds / 1000} seconds. Split it, or save it as text, and upload that.`,
  };
}

async function overMemory(worker: Worker, limits: ReadingLimits, signal: AbortSignal): Promise<Passages> {
  while (!signal.aborted) {
    await pause(LOOK_MS, signal);
    const heap = await worker.getHeapStatistics().catch(() => undefined);
    if (heap && isOver(heap, limits)) return TOO_MUCH_MEMORY;
  }
  return TOO_MUCH_MEMORY;
}

/** Tells whether a reader holds too much, outside of the heap too: no limit of V8 counts an unpacked stream of a PDF. */
function isOver(heap: HeapInfo, { heapMegabytes, bufferMegabytes }: ReadingLimits): boolean {
  return heap.total_heap_size > heapMegabytes * MEGABYTE || heap.external_memory > bufferMegabytes * MEGABYTE;
}

/** Ends early, too, when nobody waits for it any more. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener(
      "abort",
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
