// One process of the app: Next's own server on the port that all of them share. On SIGTERM it ends when it has answered what it has taken.
import { KEPT_MS } from "./kept-connections.ts";
import { leavePolitely } from "./leave-politely.ts";

leavePolitely();
const { nextStart } = await import("next/dist/cli/next-start.js");
const [port = "3000", hostname] = process.argv.slice(2);
await nextStart({ port: Number(port), keepAliveTimeout: KEPT_MS, ...(hostname && { hostname }) });
