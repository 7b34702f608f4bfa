import { once } from "node:events";
import type { Socket } from "node:net";
import { Readable } from "node:stream";
import type SMTPConnection from "nodemailer/lib/smtp-connection";
import { openSocket } from "#/lib/http/guarded-socket.ts";
import type { Mail, MailOutcome, MailServer, SendMail } from "#/lib/outbound-mail.ts";

const TIMEOUT_MS = 20_000;
const LONGEST_REASON = 500;

/** Makes what sends mails by SMTP: to public addresses and listed hosts only, as `guardedFetch`. */
export function guardedMail({ allowHosts }: { readonly allowHosts: readonly string[] }): SendMail {
  return async (server, mail, signal) => {
    // Told of by the message's own stream: from the first byte that is read of it, the server may have the mail.
    const progress = { isBegun: false };
    try {
      return await inSession(server, { allowHosts, signal }, (session) =>
        mail ? deliver(session, mail, progress) : Promise.resolve(GREETED),
      );
    } catch (error) {
      return judge(error, progress.isBegun);
    }
  };
}

const GREETED: MailOutcome = { kind: "accepted", response: "", rejected: [] };

interface Guard {
  readonly allowHosts: readonly string[];
  readonly signal: AbortSignal;
}

/** Connects, encrypts, signs in, and closes whatever happens. */
async function inSession<T>(
  server: MailServer,
  { allowHosts, signal }: Guard,
  work: (session: SMTPConnection) => Promise<T>,
): Promise<T> {
  const { default: Connection } = await import("nodemailer/lib/smtp-connection");
  const within = AbortSignal.any([signal, AbortSignal.timeout(2 * TIMEOUT_MS)]);
  const socket = await connected(server, allowHosts, within);
  const session = new Connection({ ...sessionOptions(server), connection: socket });
  const failed = Promise.withResolvers<never>();
  const stop = () => failed.reject(within.reason);
  // Failures are told twice, by the event and by whoever waits.
  failed.promise.catch(() => undefined);
  session.on("error", failed.reject);
  within.addEventListener("abort", stop, { once: true });
  try {
    return await Promise.race([failed.promise, openAndWork(session, server, work)]);
  } finally {
    within.removeEventListener("abort", stop);
    session.close();
    socket.destroy();
  }
}

async function connected(
  { host, port }: MailServer,
  allowHosts: readonly string[],
  signal: AbortSignal,
): Promise<Socket> {
  const socket = await openSocket({ host, port }, allowHosts);
  try {
    await once(socket, "connect", { signal });
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

const sessionOptions = ({ host, port, security }: MailServer) => ({
  host,
  port,
  secure: security === "tls",
  requireTLS: security === "starttls",
  ignoreTLS: security === "none",
  tls: { minVersion: "TLSv1.2" as const },
  greetingTimeout: TIMEOUT_MS,
  socketTimeout: TIMEOUT_MS,
});

async function openAndWork<T>(
  session: SMTPConnection,
  { username, password }: MailServer,
  work: (session: SMTPConnection) => Promise<T>,
): Promise<T> {
  await asked<void>((done) => session.connect((error) => done(error, undefined)));
  if (username !== undefined)
    await asked<void>((done) =>
      session.login({ user: username, pass: password ?? "" }, (error) => done(error, undefined)),
    );
  return work(session);
}

async function deliver(
  session: SMTPConnection,
  mail: Mail,
  progress: { isBegun: boolean },
): Promise<MailOutcome> {
  const { envelope, bytes } = await compose(mail);
  const message = Readable.from(
    (function* () {
      progress.isBegun = true;
      yield bytes;
    })(),
  );
  const info = await asked<{ readonly response?: string | undefined; readonly rejected: readonly string[] }>(
    (done) => session.send({ ...envelope, size: bytes.length }, message, done),
  );
  return { kind: "accepted", response: info.response ?? "", rejected: info.rejected };
}

/** The library writes and folds the headers; nothing is read from a file or an address, whatever a text says. */
async function compose({ messageId, from, to, cc, bcc, ...mail }: Mail) {
  const { default: MailComposer } = await import("nodemailer/lib/mail-composer");
  const node = new MailComposer({
    ...mail,
    from,
    to: [...to],
    cc: [...cc],
    bcc: [...bcc],
    messageId: `<${messageId}>`,
    headers: { "Auto-Submitted": "auto-generated" },
    disableFileAccess: true,
    disableUrlAccess: true,
  }).compile();
  const { from: sender, to: recipients } = node.getEnvelope();
  return { envelope: { from: sender, to: recipients }, bytes: await node.build() };
}

type Done<T> = (error: unknown, value?: T) => void;

function asked<T>(ask: (done: Done<T>) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- without an error the library gives its value
    ask((error, value) => (error ? reject(error) : resolve(value as T)));
  });
}

/** Failures that the same mail meets again. */
const LASTING: ReadonlySet<string> = new Set(["EAUTH", "EMESSAGE", "EENVELOPE", "ETLS", "forbidden-address"]);

/** The library's codes, in words that say what to look at. */
const WORDS: Readonly<Record<string, string>> = {
  EAUTH: "it refuses the user name or password",
  ETLS: "the connection could not be encrypted as it has to be",
  EPROTOCOL: "what answers there is no mail server",
  ETIMEDOUT: "it did not answer in time",
};

/** Says what a failure means for the mail: an answer of the server counts, whenever it came. */
function judge(error: unknown, isBegun: boolean): MailOutcome {
  const { code, responseCode } = readCodes(error);
  const told = error instanceof Error ? error.message : String(error);
  const words = WORDS[code];
  const reason = (words === undefined ? told : `${words} (${told})`).slice(0, LONGEST_REASON);
  if (responseCode !== undefined) {
    const isTemporary = responseCode < 500 && code !== "EAUTH";
    return { kind: "refused", reason, mayPass: isTemporary };
  }
  if (isBegun) return { kind: "unknown", reason };
  return { kind: "unsent", reason, mayPass: !LASTING.has(code) };
}

function readCodes(error: unknown): { readonly code: string; readonly responseCode: number | undefined } {
  if (!(error instanceof Error)) return { code: "", responseCode: undefined };
  const code = "code" in error ? String(error.code) : "";
  const answered = "responseCode" in error ? Number(error.responseCode) : 0;
  return { code, responseCode: answered > 0 ? answered : undefined };
}
