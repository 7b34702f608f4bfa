// The API and the queue's endpoints of a deployment, in a process of its own: node --conditions=react-server tests/support/api-process.ts <port> <file>
// Says over its channel that it is ready, and writes the port of each address that it connects to into the file, once.
import { appendFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { Socket } from "node:net";

const [port = "", file = ""] = process.argv.slice(2);
/** Next's own build chooses it for server code: the other one makes React contexts, which the server's React cannot. */
const NAVIGATION = "next/dist/client/components/navigation.react-server.js";

// Bundlers find modules by names without an ending; Node wants their files. Clerk's modules are written for bundlers, and for `require`.
registerHooks({
  resolve: (name, context, resolve) => {
    if (name === "next/navigation") return resolve(NAVIGATION, context);
    if (/^next\/[a-z-]+$/.test(name)) return resolve(`${name}.js`, context);
    if (!name.startsWith("@clerk/nextjs")) return resolve(name, context);
    const conditions = context.conditions.map((condition) =>
      condition === "import" ? "require" : condition,
    );
    return resolve(name, { ...context, conditions });
  },
});

type Loose = (this: unknown, ...args: unknown[]) => unknown;
const connect = Reflect.get(Socket.prototype, "connect") as Loose;
const reached = new Set<unknown>();
Reflect.set(Socket.prototype, "connect", function connectAndNote(this: Socket, ...args: unknown[]) {
  const [target] = [args[0]].flat();
  const to = typeof target === "object" && target !== null && "port" in target ? target.port : target;
  if (!reached.has(String(to))) appendFileSync(file, `${String(to)}\n`);
  reached.add(String(to));
  return connect.apply(this, args);
});

const { startAppServer } = await import("#/tests/support/app-server.ts");
await startAppServer(Number(port));
process.send?.("ready");
process.on("disconnect", () => process.exit(0));
