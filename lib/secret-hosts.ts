/** A host, host:port, or *.domain for every name under a domain. */
const HOST =
  /^(?:\*\.)?(?:[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?(?::\d{1,5})?$|^\[[0-9a-f:.]{2,45}\](?::\d{1,5})?$/;

export const HOST_RULE =
  "Write a host such as api.example.com, api.example.com:8443 or *.example.com, without https:// and path.";

/** Returns whether a text names hosts as a secret's list does. A whole top-level domain is none: nobody owns it. */
export const isHostPattern = (text: string): boolean => HOST.test(text) && !/^\*\.[^.]+$/.test(text);

/** Returns whether a secret that is bound to `hosts` may be sent to an address. A host without a port stands for the ordinary port of either scheme. */
export function maySendTo(url: string, hosts: readonly string[]): boolean {
  const target = URL.parse(url);
  return target !== null && hosts.some((pattern) => fits(pattern, target));
}

function fits(pattern: string, { hostname, port }: URL): boolean {
  const [, name = "", wantedPort = ""] = /^(.*?)(?::(\d+))?$/.exec(pattern) ?? [];
  if (port !== wantedPort && !isOrdinary(port, wantedPort)) return false;
  return name.startsWith("*.") ? hostname.endsWith(name.slice(1)) : hostname === name;
}

/** URLs leave out the port that their scheme implies. */
const isOrdinary = (port: string, wanted: string): boolean =>
  port === "" && (wanted === "443" || wanted === "80");
