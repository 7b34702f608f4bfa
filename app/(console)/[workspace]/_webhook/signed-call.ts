interface SignedCall {
  readonly url: string;
  /** Of the form whsec_<base64>. */
  readonly secret: string;
  readonly body: unknown;
}

/** In single quotes the shell changes nothing; a quote itself has to be written outside of them. */
const quoted = (text: string) => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** Commands for a shell that send one signed message (Standard Webhooks), with curl and openssl only. */
export function writeCurl({ url, secret, body }: SignedCall): string {
  return [
    `url=${quoted(url)}`,
    `secret=${quoted(secret)}`,
    `body=${quoted(JSON.stringify(body))}`,
    `id="msg_$(openssl rand -hex 8)"; timestamp=$(date +%s)`,
    `key=$(printf %s "\${secret#whsec_}" | openssl base64 -d -A | od -An -tx1 | tr -d " \\n")`,
    `signature=$(printf '%s.%s.%s' "$id" "$timestamp" "$body" | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -binary | openssl base64 -A)`,
    `curl -sS "$url" -H 'content-type: application/json' \\`,
    `  -H "webhook-id: $id" -H "webhook-timestamp: $timestamp" -H "webhook-signature: v1,$signature" \\`,
    `  -d "$body"`,
  ].join("\n");
}

/** The same as a program for Node, which needs nothing but Node. */
export function writeNodeProgram({ url, secret, body }: SignedCall): string {
  return `import { createHmac, randomUUID } from "node:crypto";

const url = ${JSON.stringify(url)};
const key = Buffer.from(${JSON.stringify(secret.replace(/^whsec_/, ""))}, "base64");
const body = JSON.stringify(${JSON.stringify(body)});
const id = "msg_" + randomUUID();
const timestamp = String(Math.floor(Date.now() / 1000));
const signature = createHmac("sha256", key).update(id + "." + timestamp + "." + body).digest("base64");

const response = await fetch(url, {
  method: "POST",
  headers: {
    "content-type": "application/json",
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": "v1," + signature,
  },
  body,
});
console.log(response.status, await response.text());
`;
}
