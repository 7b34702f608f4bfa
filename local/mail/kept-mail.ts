import { randomUUID } from "node:crypto";
import PostalMime from "postal-mime";

export interface KeptMail {
  readonly id: string;
  readonly receivedAt: string;
  readonly from: string;
  /** By the envelope: who got a blind copy is among them. */
  readonly recipients: readonly string[];
  readonly subject: string;
  readonly messageId: string;
  readonly text: string;
  /** As it came. */
  readonly raw: string;
}

/** Reads a mail as it came over the wire. */
export async function keepMail(raw: Buffer, recipients: readonly string[]): Promise<KeptMail> {
  const { from, subject = "", text = "", messageId = "" } = await PostalMime.parse(raw);
  return {
    id: randomUUID(),
    receivedAt: new Date().toISOString(),
    from: from?.address ?? "",
    recipients,
    subject,
    messageId,
    text,
    raw: raw.toString("latin1"),
  };
}
