import net from "node:net";
import type { Duplex } from "node:stream";
import { errorResponse } from "#/local/neon/wire.ts";

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** A PostgreSQL, whatever stands behind it, as the front sees it. */
export interface Backend {
  /** Takes over a client that is about to send its startup packet. */
  readonly serve: (client: Duplex) => void;
  /** The address at which SQL over HTTP finds the server without passing the front again. */
  readonly address?: Address;
  /** The number of connections SQL over HTTP may hold for each user. */
  readonly connections: number;
  readonly stop: () => Promise<void>;
}

/** Passes every byte on to a PostgreSQL that listens on TCP and checks passwords itself. */
export function passThrough(address: Address): Pick<Backend, "serve" | "address"> {
  return {
    address,
    serve: (client) => {
      const server = net.connect({ ...address, noDelay: true });
      server.on("error", () => {
        client.end(
          errorResponse(
            "FATAL",
            "57P03",
            "The database does not answer. Is it still starting, or was it stopped?",
          ),
        );
      });
      joinStreams(client, server);
    },
  };
}

/** Pipes both ways until either side goes. A server that ends in order ends the client in order: Neon's `end()` waits for that. */
export function joinStreams(client: Duplex, server: Duplex): void {
  client.on("error", () => server.destroy());
  client.on("close", () => server.destroy());
  client.pipe(server);
  server.pipe(client);
}
