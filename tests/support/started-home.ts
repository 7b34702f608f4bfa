import { rmSync } from "node:fs";
import type { TestProject } from "vitest/node";
import { startProductIn } from "#/tests/support/product.ts";
import { scratchDirectory } from "#/tests/support/scratch-directory.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** A home that a product has been started in once: a database, and a workspace that is filled. */
    startedHome: string;
  }
}

/** Builds the product and starts it once before the first journey, for two journeys run at a time; takes the home away after the last. */
export async function setup({ provide }: TestProject): Promise<() => void> {
  const home = scratchDirectory();
  const first = await startProductIn(home);
  await first.end();
  provide("startedHome", home);
  return () => rmSync(home, { recursive: true, force: true });
}
