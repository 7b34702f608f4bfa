import http from "node:http";

/** Passes requests on as docs/deploy/Caddyfile says: sign-in without its prefix to the identity, everything else to the app. */
export function startProxy(
  port: number,
  to: { readonly app: number; readonly identity: number },
): Promise<http.Server> {
  const server = http.createServer((request, response) => {
    const isSignIn = request.url?.startsWith("/__clerk/");
    const onward = http.request(
      {
        host: "localhost",
        port: isSignIn ? to.identity : to.app,
        path: isSignIn ? request.url?.slice("/__clerk".length) : request.url,
        method: request.method,
        headers: { ...request.headers, "x-forwarded-for": "203.0.113.7", "x-forwarded-proto": "http" },
      },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    onward.on("error", () => response.writeHead(502).end());
    response.on("close", () => onward.destroy());
    request.pipe(onward);
  });
  return new Promise((resolve) => server.listen(port, "localhost", () => resolve(server)));
}
