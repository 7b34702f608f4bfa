import { StepError } from "#/agents/steps/step-error.ts";
import { NotConnected, OutboundRefused } from "#/lib/outbound.ts";

/** Codes of the network's errors, in words that say what to look at. */
const OUTAGES: readonly (readonly [code: RegExp, words: string])[] = [
  [/ENOTFOUND|EAI_AGAIN/, "There is no server of this name. Check the spelling of the address."],
  [/ECONNREFUSED/, "Nothing listens at this address and port. Is the server running?"],
  [/ETIMEDOUT|EHOSTUNREACH|ENETUNREACH/, "The server cannot be reached from here."],
  [
    /CERT|TLS|SSL|EPROTO/,
    "The server's certificate or encryption is not in order. Is it https, and on this port?",
  ],
  [
    /ECONNRESET|EPIPE|UND_ERR_SOCKET|HPE_/,
    "The server hung up, or does not speak this protocol on this port.",
  ],
];

/** Says why a server could not be asked. */
export function wordsOfOutage(error: unknown): string {
  if (error instanceof StepError || error instanceof OutboundRefused) return error.message;
  if (isTimeout(error)) return "The server did not answer in time.";
  const told = listCodes(error);
  const known = OUTAGES.find(([pattern]) => pattern.test(told));
  return known ? known[1] : `The server could not be asked: ${readMessage(error)}`;
}

function isTimeout(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error.name === "TimeoutError" || (error instanceof NotConnected && isTimeout(error.cause));
}

function listCodes(error: unknown): string {
  if (!(error instanceof Error)) return "";
  const code = "code" in error ? String(error.code) : "";
  return `${code} ${listCodes(error.cause)}`;
}

const readMessage = (error: unknown) =>
  error instanceof Error ? error.message.slice(0, 300) : String(error);
