import type { Server } from "node:net";

type ClosableServer = Pick<Server, "once" | "off" | "listen" | "address" | "close"> & {
  closeAllConnections?: () => void;
};

/** Listens on 127.0.0.1 and nowhere else. Port 0 lets the system choose. @returns the port in use. */
export async function listenOnLoopback(server: ClosableServer, port: number): Promise<number> {
  await new Promise<void>((listening, failed) => {
    server.once("error", failed);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", failed);
      listening();
    });
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  return address.port;
}

/** Closes the server and every connection it still holds: streams and keep-alive ones never end by themselves. */
export async function closeServer(server: ClosableServer): Promise<void> {
  server.closeAllConnections?.();
  await new Promise((closed) => {
    server.close(closed);
  });
}
