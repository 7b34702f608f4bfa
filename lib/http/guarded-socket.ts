import { connect, type Socket } from "node:net";
import { publicAddresses, systemResolve } from "#/lib/http/public-address.ts";
import { NotConnected, OutboundRefused } from "#/lib/outbound.ts";

interface Peer {
  readonly host: string;
  readonly port: number;
}

/** Begins a connection to a server that a user named: to public addresses and listed hosts only, as `guardedFetch`. @throws OutboundRefused, NotConnected */
export async function openSocket({ host, port }: Peer, allowHosts: readonly string[]): Promise<Socket> {
  const isListed = allowHosts.includes(host) || allowHosts.includes(`${host}:${port}`);
  const address = isListed ? host : await resolvePublicAddress(host, port);
  return connect({ host: address, port });
}

async function resolvePublicAddress(host: string, port: number): Promise<string> {
  const [found] = await publicAddresses(host, systemResolve).catch((error: unknown) => {
    throw new NotConnected(error);
  });
  if (!found) throw new OutboundRefused("forbidden-address", `${host}:${port}`);
  return found.address;
}
