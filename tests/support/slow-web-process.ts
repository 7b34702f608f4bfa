// A web server for tests of what supervises it: node tests/support/slow-web-process.ts <port>. Ends on SIGTERM as Next's does.
import { createServer, type ServerResponse } from "node:http";
import { leavePolitely } from "#/local/web/leave-politely.ts";

leavePolitely();

const ANSWERS: Readonly<Record<string, (response: ServerResponse) => void>> = {
  "/pid": (response) => response.end(String(process.pid)),
  "/slow": (response) => void setTimeout(() => response.end("done"), 1_500),
  "/never": () => undefined,
  "/stream": (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(`data: ${process.pid}\n\n`);
  },
  "/die": () => process.exit(1),
};

const server = createServer((request, response) => {
  const answer = ANSWERS[request.url ?? ""];
  if (answer) answer(response);
  else response.writeHead(404).end();
});
server.listen(Number(process.argv[2]), "127.0.0.1");
process.on("SIGTERM", () => server.close(() => process.exit(143)));
