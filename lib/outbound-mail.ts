/** A server that takes mail in, and how it is told who sends. */
export interface MailServer {
  readonly host: string;
  readonly port: number;
  /** starttls: encrypted after the greeting, or nothing is sent. tls: from the first byte. none: an admin has said that it need not be. */
  readonly security: "starttls" | "tls" | "none";
  readonly username?: string | undefined;
  readonly password?: string | undefined;
}

export interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  readonly cc: readonly string[];
  readonly bcc: readonly string[];
  readonly replyTo?: string | undefined;
  readonly subject: string;
  readonly text: string;
  readonly html?: string | undefined;
  /** Without angle brackets. The same again is the same mail. */
  readonly messageId: string;
}

/** `unsent`: nothing of the mail has left. `refused`: the server said no. `unknown`: it has the mail, and left no answer. */
export type MailOutcome =
  | { readonly kind: "accepted"; readonly response: string; readonly rejected: readonly string[] }
  | { readonly kind: "refused" | "unsent"; readonly reason: string; readonly mayPass: boolean }
  | { readonly kind: "unknown"; readonly reason: string };

/** Sends a mail, or without one only opens the door and closes it again. Never throws: what went wrong is the outcome. */
export type SendMail = (
  server: MailServer,
  mail: Mail | undefined,
  signal: AbortSignal,
) => Promise<MailOutcome>;
