import { createServer, type AddressInfo, type Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Mail, MailServer } from "#/lib/outbound-mail.ts";
import { guardedMail } from "#/lib/http/guarded-mail.ts";
import { type MailStandIn, startMail } from "#/local/mail/serve.ts";

let standIn: MailStandIn;
beforeAll(async () => {
  standIn = await startMail({ port: 0, mailboxPort: 0 });
});
afterAll(() => standIn.stop());

const send = guardedMail({ allowHosts: ["127.0.0.1"] });
const mail: Mail = {
  from: "Cairn <us@example.com>",
  to: ["ada@example.com"],
  cc: [],
  bcc: ["hidden@example.com"],
  subject: "Grüße",
  text: "Hällo\n.\nIt goes on after a line with a dot.",
  messageId: "id-1@example.com",
};
const server = (port: number, more: Partial<MailServer> = {}): MailServer => ({
  host: "127.0.0.1",
  port,
  security: "none",
  ...more,
});
const within = () => AbortSignal.timeout(5_000);

test("a mail arrives whole, with its message id, and who gets a blind copy stands in no header", async () => {
  const outcome = await send(server(standIn.port), mail, within());
  expect(outcome).toMatchObject({ kind: "accepted", rejected: [] });
  const [got] = standIn.mails;
  expect(got).toMatchObject({
    from: "us@example.com",
    recipients: ["ada@example.com", "hidden@example.com"],
    subject: "Grüße",
    messageId: "<id-1@example.com>",
    text: expect.stringContaining("after a line with a dot") as string,
  });
  expect(got?.raw).not.toContain("hidden@");
});

test("a line break in a header makes no other header", async () => {
  await send(
    server(standIn.port),
    { ...mail, subject: "One\r\nBcc: evil@example.com\r\n\r\nbody" },
    within(),
  );
  const [got] = standIn.mails;
  expect(got?.recipients).toEqual(["ada@example.com", "hidden@example.com"]);
  expect(got?.raw.split("\r\n\r\n")[0]).not.toMatch(/^Bcc:/im);
});

test("where encryption is demanded, a server without it gets nothing", async () => {
  const before = standIn.mails.length;
  const outcome = await send(server(standIn.port, { security: "starttls" }), mail, within());
  expect(outcome.kind).not.toBe("accepted");
  expect(outcome.kind).not.toBe("unknown");
  expect(standIn.mails).toHaveLength(before);
});

test("a server on a private address is not asked", async () => {
  const outcome = await guardedMail({ allowHosts: [] })(server(standIn.port), mail, within());
  expect(outcome).toMatchObject({ kind: "unsent", mayPass: false });
});

interface Story {
  /** Answers by the verb of the command; "data" for the message itself. Undefined hangs up. */
  readonly [verb: string]: string | undefined;
}
const POLITE: Story = {
  EHLO: "250 hello",
  MAIL: "250 ok",
  RCPT: "250 ok",
  DATA: "354 go on",
  data: "250 kept",
  QUIT: "221 bye",
};

/** A mail server that follows a story. */
async function serving(story: Story): Promise<{ port: number; stop: () => void }> {
  const tcp = createServer((socket) => converse(socket, story));
  await new Promise<void>((resolve) => void tcp.listen(0, "127.0.0.1", resolve));
  return { port: (tcp.address() as AddressInfo).port, stop: () => tcp.close() };
}

function converse(socket: Socket, story: Story): void {
  let isMessage = false;
  let heard = "";
  const say = (verb: string) => {
    const answer = story[verb];
    if (answer === undefined) socket.destroy();
    else socket.write(`${answer}\r\n`);
  };
  socket.on("error", () => undefined);
  socket.write("220 story\r\n");
  socket.on("data", (piece: Buffer) => {
    heard += piece.toString("latin1");
    const end = isMessage ? "\r\n.\r\n" : "\r\n";
    for (let at = heard.indexOf(end); at >= 0; at = heard.indexOf(isMessage ? "\r\n.\r\n" : "\r\n")) {
      const line = heard.slice(0, at);
      heard = heard.slice(at + (isMessage ? 5 : 2));
      const verb = isMessage ? "data" : (line.split(" ")[0] ?? "");
      isMessage = verb === "DATA" && (story["DATA"] ?? "").startsWith("354");
      say(verb);
    }
  });
}

describe("what becomes of a mail is said by how far it got", () => {
  test.each([
    ["hangs up after the message", { data: undefined }, { kind: "unknown" }],
    ["hangs up at the sender", { MAIL: undefined }, { kind: "unsent", mayPass: true }],
    ["hangs up before the message", { DATA: undefined }, { kind: "unsent", mayPass: true }],
    ["refuses the message for ever", { data: "554 spam" }, { kind: "refused", mayPass: false }],
    ["refuses the message for now", { data: "451 later" }, { kind: "refused", mayPass: true }],
    ["refuses the recipient", { RCPT: "550 nobody" }, { kind: "refused", mayPass: false }],
    ["refuses the sender", { MAIL: "550 not you" }, { kind: "refused", mayPass: false }],
  ])("when the server %s", async (_what, story, outcome) => {
    const { port, stop } = await serving({ ...POLITE, ...story });
    expect(await send(server(port), mail, within())).toMatchObject(outcome);
    stop();
  });

  test("when the server says nothing after the message, within its time", async () => {
    const { port, stop } = await serving({ ...POLITE, data: "" });
    expect(await send(server(port), mail, AbortSignal.timeout(700))).toMatchObject({ kind: "unknown" });
    stop();
  });

  test("when nobody listens", async () => {
    expect(await send(server(1), mail, within())).toMatchObject({ kind: "unsent", mayPass: true });
  });
});
