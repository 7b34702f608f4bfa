import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import ipaddr from "ipaddr.js";

export interface Address {
  readonly address: string;
  readonly family: number;
}

/** Finds the addresses of a name. Tests bend the world here. */
export type Resolve = (hostname: string) => Promise<readonly Address[]>;

export const systemResolve: Resolve = (hostname) => lookup(hostname, { all: true, verbatim: true });

const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR("2000::/3");
/** Public by their range, and yet private: the host agent of Azure machines, which hands out credentials. */
const PRIVATE_BY_USE: ReadonlySet<string> = new Set(["168.63.129.16"]);

/**
 * Returns whether an address is an ordinary one of the public internet. Everything else is not: loopback, private, link-local (cloud metadata),
 * carrier NAT, multicast, reserved, and IPv6 ranges that carry an IPv4 address (mapped ones are judged by that address).
 */
export function isPublic(address: string): boolean {
  const text = isIP(address) === 6 ? inHex(address) : address;
  if (text === undefined || !ipaddr.isValid(text)) return false;
  const parsed = ipaddr.process(text);
  return parsed.range() === "unicast" && isAllocated(parsed) && !PRIVATE_BY_USE.has(parsed.toString());
}

/** An IPv6 address without dots: ipaddr.js takes ::8.8.8.8 for ::ffff:8.8.8.8, which is another address. */
function inHex(address: string): string | undefined {
  return URL.parse(`http://[${address}]`)?.hostname.replace(/^\[|\]$/g, "");
}

/** Of IPv6 only 2000::/3 was ever given to the internet; the rest, such as ::127.0.0.1 in ::/96, may lead anywhere. */
function isAllocated(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  return address instanceof ipaddr.IPv4 || address.match(GLOBAL_UNICAST);
}

/**
 * The addresses behind a URL's host name, or none unless all of them are public: a name with one private address is an attack.
 * Odd spellings of IPv4 addresses (decimal, hex, octal) have been normalized by the URL parser before.
 */
export async function publicAddresses(hostname: string, resolve: Resolve): Promise<readonly Address[]> {
  const literal = hostname.replace(/^\[|\]$/g, "");
  const family = isIP(literal);
  const addresses = family === 0 ? await resolve(literal) : [{ address: literal, family }];
  return addresses.every(({ address }) => isPublic(address)) ? addresses : [];
}
