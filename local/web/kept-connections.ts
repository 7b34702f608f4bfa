/**
 * For so long a process of the app keeps a connection that asks nothing. Longer than any client that stands before it does: Caddy keeps its own for 120 s,
 * the queue that comes along for as long as it is let. A server that hangs up first, at Node's 5 s, does so at the moment in which a request is on its
 * way, and that request meets a reset; one that writes is then sent by no proxy again.
 */
export const KEPT_MS = 150_000;
