import { parentPort, workerData } from "node:worker_threads";
import { type ImportTask, readImport } from "#/agents/tools/openapi/read-import.ts";

// The whole of a thread of readImportApart: reads one document and tells its tools.
const task: ImportTask = workerData;
// Between threads there are no origins.
// oxlint-disable-next-line unicorn/require-post-message-target-origin
parentPort?.postMessage(readImport(task));
