import { type Logger, pino, stdSerializers } from "pino";
import { env } from "#/lib/env.ts";
import { hideSecrets, withoutSecrets } from "#/lib/observe/secrets.ts";

type Detail = Readonly<Record<string, unknown>>;
type Write = (detail: Detail, message: string) => void;

/** Writes what happened, as one JSON line on standard output. `err` holds an error; ids are called workspaceId and runId everywhere. */
interface Log {
  readonly debug: Write;
  readonly info: Write;
  readonly warn: Write;
  readonly error: Write;
}

let logger: Logger | undefined;

/** Opened at first use: a build loads this file without any variables. */
function open(): Logger {
  logger ??= pino({
    level: env().logLevel,
    base: null,
    // The error is written out first: an error with other fields in place of a secret would not be one any more.
    serializers: { err: (written: unknown) => written },
    formatters: {
      log: (detail) =>
        withoutSecrets(
          detail["err"] instanceof Error ? { ...detail, err: stdSerializers.err(detail["err"]) } : detail,
        ),
    },
    hooks: { streamWrite: hideSecrets },
  });
  return logger;
}

/** The log of this process. */
export const log: Log = {
  debug: (detail, message) => open().debug(detail, message),
  info: (detail, message) => open().info(detail, message),
  warn: (detail, message) => open().warn(detail, message),
  error: (detail, message) => open().error(detail, message),
};
