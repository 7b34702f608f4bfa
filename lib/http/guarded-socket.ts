import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { publicAddresses, systemResolve } from "#/lib/http/public-address.ts";
import { NotConnected, OutboundRefused } from "#/lib/outbound.ts";

export interface Peer {
  readonly host: string;
  readonly port: number;
  readonly isTls: boolean;
}

/** Opens a connection to a server that a user named: to public addresses and listed hosts only, as `guardedFetch`. @throws OutboundRefused, NotConnected */
async function openSocket({ host, port, isTls }: Peer, allowHosts: readonly string[]): Promise<Socket> {
  const isListed = allowHosts.includes(host) || allowHosts.includes(`${host}:${port}`);
  const address = isListed ? host : await resolvePublicAddress(host, port);
  return isTls ? connectTls({ host: address, port, servername: host }) : connect({ host: address, port });
}

async function resolvePublicAddress(host: string, port: number): Promise<string> {
  const [found] = await publicAddresses(host, systemResolve).catch((error: unknown) => {
    throw new NotConnected(error);
  });
  if (!found) throw new OutboundRefused("forbidden-address", `${host}:${port}`);
  return found.address;
}

const LONGEST_LINE = 1_000;

/** Reads the line with which a server greets whoever connects. @throws OutboundRefused, NotConnected */
export async function readGreeting(
  peer: Peer,
  options: { readonly allowHosts: readonly string[]; readonly timeoutMs: number },
): Promise<string> {
  const socket = await openSocket(peer, options.allowHosts);
  let told = "";
  try {
    return await new Promise<string>((resolve, reject) => {
      const fail = (error: unknown) => reject(new NotConnected(error));
      socket
        .setTimeout(options.timeoutMs, () => fail(new DOMException("It said nothing.", "TimeoutError")))
        .on("data", (piece: Buffer) => {
          told += piece.toString("latin1");
          if (told.includes("\n") || told.length > LONGEST_LINE) resolve(told.split(/\r?\n/, 1)[0] ?? "");
        })
        .once("error", fail)
        .once("close", () => resolve(told));
    });
  } finally {
    socket.destroy();
  }
}
