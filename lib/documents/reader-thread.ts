import { parentPort, workerData } from "node:worker_threads";
import { passagesIn } from "#/lib/documents/passages.ts";

/** The document that a thread is given to read. */
export interface ReaderTask {
  readonly name: string;
  readonly content: Uint8Array;
}

// The whole of a thread of readApart: reads one document and tells its passages.
const { name, content }: ReaderTask = workerData;
// Between threads there are no origins.
// oxlint-disable-next-line unicorn/require-post-message-target-origin
parentPort?.postMessage(await passagesIn(name, content));
