import { readFileSync } from "node:fs";
import { brotliCompressSync } from "node:zlib";

/** What the build says of each route. */
interface RouteStats {
  readonly route: string;
  readonly firstLoadChunkPaths: readonly string[];
}

/** Chunks of the identity provider name it on every other line; ours now and then. */
const MOST_NAMED = 50;
const isOfProvider = (code: Buffer): boolean => (code.toString().match(/clerk/gi)?.length ?? 0) > MOST_NAMED;

/**
 * Weighs the scripts of a page's first load, without the identity provider's. Of the build on disk.
 * @param route as the build names it, such as `/[workspace]/runs/[run]`
 * @returns bytes in Brotli, as Vercel sends them
 */
export function weighScripts(route: string): number {
  const stats = JSON.parse(
    readFileSync(".next/diagnostics/route-bundle-stats.json", "utf8"),
  ) as readonly RouteStats[];
  const found = stats.find((one) => one.route === route);
  if (!found) throw new Error(`The build has no page ${route}.`);
  return found.firstLoadChunkPaths
    .map((file) => readFileSync(file))
    .filter((code) => !isOfProvider(code))
    .reduce((sum, code) => sum + brotliCompressSync(code).length, 0);
}
