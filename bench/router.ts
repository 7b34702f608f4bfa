import http from "node:http";

export interface Router {
  readonly port: number;
  /** Sends what comes from now on to the instance on this port. */
  readonly sendTo: (port: number) => void;
  readonly stop: () => void;
}

/** Stands where a platform's router stands: one address, and behind it whichever instance lives. When an instance dies at work, it answers 502. */
export async function startRouter(): Promise<Router> {
  let target = 0;
  const agent = new http.Agent({ keepAlive: true });
  const server = http.createServer((incoming, outgoing) => {
    const { method, url, headers } = incoming;
    const forwarded = http.request(
      { agent, host: "127.0.0.1", port: target, method, path: url, headers },
      (response) => {
        outgoing.writeHead(response.statusCode ?? 502, response.headers);
        response.pipe(outgoing);
      },
    );
    forwarded.once("error", () => void outgoing.writeHead(502).end());
    incoming.pipe(forwarded);
  });
  server.keepAliveTimeout = 65_000;
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    port: typeof address === "object" && address ? address.port : 0,
    sendTo: (port) => {
      target = port;
    },
    stop: () => {
      agent.destroy();
      server.closeAllConnections();
      server.close();
    },
  };
}
