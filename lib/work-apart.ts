import type { HeapInfo } from "node:v8";
import type { ResourceLimits, Worker } from "node:worker_threads";

const MEGABYTE = 1_000_000;
/** The time between two looks at the memory of a thread. */
const LOOK_MS = 25;
/** V8 often aborts the whole process when a thread reaches its own limit. So that limit is far above ours, where a look comes first. */
const FAR_ABOVE = 3;

/** The most that work in a thread of its own may cost. */
export interface ApartLimits {
  readonly readingMs: number;
  readonly heapMegabytes: number;
  readonly bufferMegabytes: number;
}

/** The answer of a thread, or the limit that it went beyond. */
export type Apart<Answer> = { readonly answer: Answer } | { readonly over: "time" | "memory" };

/** Returns the limits that a thread is started with. */
export const limitThread = ({ heapMegabytes }: ApartLimits): ResourceLimits => ({
  maxOldGenerationSizeMb: heapMegabytes * FAR_ABOVE,
});

/**
 * Waits for the work of a thread of its own, which can cost neither the process nor the other work in it more than the limits. Its first message is its
 * answer. Who reads files of strangers starts it without the environment: it has no business with keys. The build takes a thread's file along only where
 * `new Worker(new URL(…), { … })` is written out.
 * @throws when the thread itself fails, which is no word about what it was given
 */
export async function workApart<Answer>(worker: Worker, limits: ApartLimits): Promise<Apart<Answer>> {
  const watch = new AbortController();
  try {
    return await Promise.race([
      awaitAnswer<Answer>(worker),
      afterTime(limits.readingMs, watch.signal),
      overMemory(worker, limits, watch.signal),
    ]);
  } finally {
    watch.abort();
    await worker.terminate();
  }
}

function awaitAnswer<Answer>(worker: Worker): Promise<Apart<Answer>> {
  return new Promise((resolve, reject) => {
    worker.once("message", (answer: Answer) => resolve({ answer }));
    worker.once("error", (error) => (isOutOfMemory(error) ? resolve({ over: "memory" }) : reject(error)));
    worker.once("exit", (code) => reject(new Error(`A thread ended with code ${code} and no answer.`)));
  });
}

const isOutOfMemory = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY";

async function afterTime(milliseconds: number, signal: AbortSignal): Promise<Apart<never>> {
  await pause(milliseconds, signal);
  return { over: "time" };
}

async function overMemory(worker: Worker, limits: ApartLimits, signal: AbortSignal): Promise<Apart<never>> {
  while (!signal.aborted) {
    await pause(LOOK_MS, signal);
    const heap = await worker.getHeapStatistics().catch(() => undefined);
    if (heap && isOver(heap, limits)) break;
  }
  return { over: "memory" };
}

/** Tells whether a thread holds too much, outside of the heap too: no limit of V8 counts an unpacked stream of a PDF. */
function isOver(heap: HeapInfo, { heapMegabytes, bufferMegabytes }: ApartLimits): boolean {
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
