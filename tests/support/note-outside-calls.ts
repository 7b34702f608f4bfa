// Preloaded into every process of a deployment: writes down each attempt to reach something that is not this machine.
import { appendFileSync } from "node:fs";
import { createRequire } from "node:module";
import type dnsModule from "node:dns";
import { Socket } from "node:net";

const file = process.env["OUTSIDE_CALLS_FILE"] ?? "";
const HERE = /^(localhost|127\.[\d.]+|::1|::ffff:127\.[\d.]+|0\.0\.0\.0|::)$/;
const note = (what: string) => appendFileSync(file, `${process.argv[1]}: ${what}\n`);

type Loose = (this: unknown, ...args: unknown[]) => unknown;

const connect = Reflect.get(Socket.prototype, "connect") as Loose;
Reflect.set(Socket.prototype, "connect", function connectAndNote(this: Socket, ...args: unknown[]) {
  const [target] = [args[0]].flat();
  const host = typeof target === "object" && target !== null && "host" in target ? target.host : undefined;
  if (typeof host === "string" && !HERE.test(host)) note(`connects to ${host}`);
  return connect.apply(this, args);
});

const dns = createRequire(import.meta.url)("node:dns") as typeof dnsModule;
const lookup = dns.lookup as Loose;
Reflect.set(dns, "lookup", (...args: unknown[]) => {
  if (typeof args[0] === "string" && !HERE.test(args[0])) note(`looks up ${args[0]}`);
  return lookup(...args);
});
