import type { ConnectionKind } from "#/agents/vocabulary/connection.ts";
import type { Mail, MailOutcome } from "#/lib/outbound-mail.ts";
import type { GuardedFetch, GuardedStream } from "#/lib/outbound.ts";

type Fields = Readonly<Record<string, string>>;

/** A connection of the workspace as it is stored, its credentials opened. */
export interface Connection {
  readonly id: string;
  readonly name: string;
  readonly kind: ConnectionKind;
  readonly settings: Fields;
  readonly credentials: Fields;
  readonly hosts: readonly string[];
  /** Changes with the connection. */
  readonly updatedAt: string;
}

/** Keeps the token of a connection that signs in by OAuth, for every process. */
export interface TokenKeeper {
  /** Finds a token that is valid, got anew over `fetch` where it has to be. @throws StepError when there is none to have */
  readonly find: (fetch: GuardedFetch) => Promise<string>;
  /** A token that the server has refused is not found again. */
  readonly refuse: (access: string) => Promise<void>;
}

/** A connection ready for use. Its credentials are for adapters of vendors' wires; whatever else sends a request does so by `fetch`. */
export interface OpenConnection extends Connection {
  /** Signs a request in and sends it, to the hosts of the connection only. Its credentials are taken out of the answer. */
  readonly fetch: GuardedFetch;
  /** The same for answers that are streams. They come as they are. */
  readonly stream: GuardedStream;
  /** Sends a mail from the connection's server, or without one only signs in there. Only for a connection of kind smtp. @throws StepError */
  readonly sendMail: (mail: Mail | undefined, signal: AbortSignal) => Promise<MailOutcome>;
  /** Takes the credentials out of anything that is kept or shown. */
  readonly mask: <T>(value: T) => T;
}
