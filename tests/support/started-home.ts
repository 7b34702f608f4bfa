import { rmSync } from "node:fs";
import type { TestProject } from "vitest/node";
import { scratchDirectory } from "#/tests/support/scratch-directory.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** A folder of this run, empty at first: what the first start of a product left is kept there. */
    startedHome: string;
  }
}

/** Gives the suites of one run a folder, and takes it away after the last. */
export function setup({ provide }: TestProject): () => void {
  const folder = scratchDirectory();
  provide("startedHome", folder);
  return () => rmSync(folder, { recursive: true, force: true });
}
