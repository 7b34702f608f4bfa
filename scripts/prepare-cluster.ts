// Writes the archive of a new cluster for the installed PGlite, which a first start takes instead of running initdb. Once after each change of its version.
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { constants, zstdCompressSync } from "node:zlib";
import { PGlite } from "@electric-sql/pglite";
import { archiveOfCluster } from "#/local/cluster/cluster.ts";

const archive = archiveOfCluster();
const folder = path.dirname(archive);
for (const old of readdirSync(folder).filter((name) => name.endsWith(".zst"))) rmSync(path.join(folder, old));

const engine = await PGlite.create();
const files = await engine.dumpDataDir("none");
await engine.close();
const params = {
  [constants.ZSTD_c_compressionLevel]: 19,
  [constants.ZSTD_c_enableLongDistanceMatching]: 1,
  // The databases of a cluster are copies of each other, megabytes apart.
  [constants.ZSTD_c_windowLog]: 27,
};
writeFileSync(archive, zstdCompressSync(Buffer.from(await files.arrayBuffer()), { params }));
