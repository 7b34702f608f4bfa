import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { Webhook } from "standardwebhooks";
import { expect, test } from "vitest";
import { writeCurl, writeNodeProgram } from "./signed-call.ts";

const SECRET = `whsec_${Buffer.from("a key of more than twenty-four bytes").toString("base64")}`;
const BODY = { question: "What's “new”? $HOME `date`", count: 2 };

/** Runs the snippet against a server that verifies as ours does. @returns what the server understood */
async function receive(
  writeSnippet: typeof writeCurl,
  program: string,
  flags: readonly string[],
): Promise<unknown> {
  const received = Promise.withResolvers<unknown>();
  const server = createServer((request, response) => {
    const read = async () => {
      const body = await text(request);
      response.end("{}");
      const names = ["webhook-id", "webhook-timestamp", "webhook-signature"];
      return new Webhook(SECRET).verify(
        body,
        Object.fromEntries(names.map((name) => [name, String(request.headers[name])])),
      );
    };
    received.resolve(read());
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  const child = spawn(program, [
    ...flags,
    writeSnippet({ url: `http://127.0.0.1:${port}/`, secret: SECRET, body: BODY }),
  ]);
  await once(child, "close");
  server.close();
  return received.promise;
}

test("the shell commands send a message whose signature holds, whatever the body's characters", async () => {
  expect(await receive(writeCurl, "sh", ["-c"])).toEqual(BODY);
});

test("the Node program sends a message whose signature holds", async () => {
  expect(await receive(writeNodeProgram, process.execPath, ["--input-type=module", "-e"])).toEqual(BODY);
});
