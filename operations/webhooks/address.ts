import { randomBytes } from "node:crypto";
import { env } from "#/lib/env.ts";
import { hashHookToken } from "#/lib/http/hook-route.ts";
import { sealer } from "#/lib/seal.ts";

const TOKEN_BYTES = 24;
const SECRET_BYTES = 32;
const HINT_LENGTH = 4;

/** A new address and secret of a webhook, as they are stored. */
export function makeAddress(webhookId: string) {
  const token = randomBytes(TOKEN_BYTES).toString("base64url");
  const secret = `whsec_${randomBytes(SECRET_BYTES).toString("base64")}`;
  return {
    tokenHash: hashHookToken(token),
    tokenHint: token.slice(-HINT_LENGTH),
    tokenSealed: sealer().seal(token, `webhook token ${webhookId}`),
    secretSealed: sealer().seal(secret, `webhook secret ${webhookId}`),
  };
}

/** The address that a webhook takes messages at, and the secret that signs them. */
export interface WebhookAddress {
  readonly url: string;
  readonly secret: string;
}

/** Opens the address and the secret of a stored webhook. */
export function openAddress(
  webhookId: string,
  { tokenSealed, secretSealed }: { readonly tokenSealed: string; readonly secretSealed: string },
): WebhookAddress {
  return {
    url: writeUrl(sealer().unseal(tokenSealed, `webhook token ${webhookId}`)),
    secret: openSecret(webhookId, secretSealed),
  };
}

export function openSecret(webhookId: string, secretSealed: string): string {
  return sealer().unseal(secretSealed, `webhook secret ${webhookId}`);
}

function writeUrl(token: string): string {
  return `${env().appUrl}/api/hooks/${token}`;
}
