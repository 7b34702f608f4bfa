import { type Logger, pino } from "pino";
import { env } from "#/lib/env.ts";

type Detail = Readonly<Record<string, unknown>>;
type Write = (detail: Detail, message: string) => void;

/** What happened, as one JSON line on standard output. `err` holds an error; ids are called workspaceId and runId everywhere. */
interface Log {
  readonly debug: Write;
  readonly info: Write;
  readonly warn: Write;
  readonly error: Write;
}

const SECRET_KEYS = ["authorization", "cookie", "set-cookie", "password", "secret", "token", "apiKey", "key", "signature", "secretSealed", "tokenSealed"];
const path = (key: string) => (key.includes("-") ? `["${key}"]` : key);
const nested = (depth: string) => SECRET_KEYS.map((key) => (key.includes("-") ? depth.slice(0, -1) : depth) + path(key));
/** Keys of ours, webhook secrets and bearer tokens, wherever they stand in a line: an error's text may quote a request. */
const SECRET_TEXT = /\b(cairn_|whsec_)[A-Za-z0-9_+/=-]{16,}|\b(Bearer )[A-Za-z0-9._~+/=-]{8,}/g;

let logger: Logger | undefined;

/** Opened at first use: a build loads this file without any variables. */
function open(): Logger {
  logger ??= pino({
    level: env().logLevel,
    base: null,
    redact: { paths: [...SECRET_KEYS.map(path), ...nested("*."), ...nested("*.*.")], censor: "[redacted]" },
    hooks: { streamWrite: hideSecrets },
  });
  return logger;
}

/** Takes secrets out of a line of log. */
export function hideSecrets(line: string): string {
  return line.replaceAll(SECRET_TEXT, "$1$2[redacted]");
}

/** The log of this process. */
export const log: Log = {
  debug: (detail, message) => open().debug(detail, message),
  info: (detail, message) => open().info(detail, message),
  warn: (detail, message) => open().warn(detail, message),
  error: (detail, message) => open().error(detail, message),
};
