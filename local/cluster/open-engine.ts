import { setFlagsFromString } from "node:v8";
import type { PGlite, PGliteOptions } from "@electric-sql/pglite";

/**
 * So much of a function has to run before V8 compiles it anew to be fast; by itself it takes 13,000,000. The engine's functions are large: a start and its
 * first queries took 3.2 s of CPU and take 2.0 s. After 8 s of queries nothing is left of the difference.
 */
const COMPILED_AGAIN_AFTER = 1_000_000_000;

/** The engine writes zeros over all of it when it opens: with PostgreSQL's 128 MB that is 0.1 s of CPU. Scans and look-ups in a table of 75 MB take as long with either. */
const BUFFERS = ["-c", "shared_buffers=32MB"];

/** Loads PGlite, which holds a process up for 0.1 s, and opens it. */
export async function openEngine(options: PGliteOptions): Promise<PGlite> {
  setFlagsFromString(`--wasm-tiering-budget=${COMPILED_AGAIN_AFTER}`);
  const { PGlite } = await import("@electric-sql/pglite");
  return PGlite.create({ ...options, startParams: [...PGlite.defaultStartParams, ...BUFFERS] });
}
