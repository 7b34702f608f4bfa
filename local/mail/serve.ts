import { createAdaptorServer } from "@hono/node-server";
import { buffer } from "node:stream/consumers";
import { callbackify } from "node:util";
import { SMTPServer, type SMTPServerAddress, type SMTPServerDataStream } from "smtp-server";
import { closeServer, listenOnLoopback } from "../loopback.ts";
import { keepMail, type KeptMail } from "./kept-mail.ts";
import { mailboxApp } from "./mailbox.ts";

interface MailOptions {
  /** 0 lets the system choose. */
  readonly port: number;
  /** The port at which people read what came in. */
  readonly mailboxPort: number;
}

export interface MailStandIn {
  readonly port: number;
  readonly mailboxUrl: string;
  /** The newest first. */
  readonly mails: readonly KeptMail[];
  readonly stop: () => Promise<void>;
}

interface Arriving {
  readonly stream: SMTPServerDataStream;
  readonly recipients: readonly SMTPServerAddress[];
}

const MOST_KEPT = 200;
const LARGEST = 5 * 1024 * 1024;

/** A mail server on 127.0.0.1 that takes every mail, delivers none, and shows them on a page. */
export async function startMail({ port: wished, mailboxPort }: MailOptions): Promise<MailStandIn> {
  const mails: KeptMail[] = [];
  const take = callbackify(async ({ stream, recipients }: Arriving) => {
    const raw = await buffer(stream);
    if (stream.sizeExceeded) throw Object.assign(new Error("Too large"), { responseCode: 552 });
    const mail = await keepMail(
      raw,
      recipients.map(({ address }) => address),
    );
    mails.unshift(mail);
    mails.splice(MOST_KEPT);
    return `Kept as ${mail.id}`;
  });
  const smtp = new SMTPServer({
    banner: "Cairn's mail stand-in",
    size: LARGEST,
    // No certificate that anybody would believe: connections to it say that they need none.
    disabledCommands: ["STARTTLS"],
    allowInsecureAuth: true,
    authOptional: true,
    onAuth: ({ username }, _session, done) => done(null, { user: username ?? "" }),
    onData: (stream, { envelope }, done) => take({ stream, recipients: envelope.rcptTo }, done),
  });
  // A client that hangs up is its own affair.
  smtp.on("error", () => undefined);
  const port = await listenOnLoopback(smtp.server, wished);
  const mailbox = createAdaptorServer({ fetch: mailboxApp(() => mails).fetch });
  const shownAt = await listenOnLoopback(mailbox, mailboxPort);
  return {
    port,
    mailboxUrl: `http://127.0.0.1:${shownAt}`,
    mails,
    stop: async () => {
      await Promise.all([closeServer(mailbox), new Promise<void>((closed) => smtp.close(() => closed()))]);
    },
  };
}
