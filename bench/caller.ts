import http from "node:http";

export interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

export interface Caller {
  readonly call: (path: string, json?: unknown) => Promise<Answer>;
  readonly close: () => void;
}

/** Calls an API over connections that stay open. Node's plain client: `fetch` would spend 0.2 ms more of the two cores on each request. */
export function openCaller(url: string, apiKey: string): Caller {
  const agent = new http.Agent({ keepAlive: true });
  const headers = { authorization: `Bearer ${apiKey}` };
  return {
    call: (path, json) =>
      new Promise((resolve, reject) => {
        const body = json === undefined ? undefined : JSON.stringify(json);
        const options = {
          agent,
          method: body === undefined ? "GET" : "POST",
          headers: {
            ...headers,
            ...(body !== undefined && {
              "content-type": "application/json",
              "content-length": Buffer.byteLength(body),
            }),
          },
        };
        const request = http.request(url + path, options, (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk: Buffer) => chunks.push(chunk));
          response.on("end", () =>
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              body: Buffer.concat(chunks).toString(),
            }),
          );
          response.once("error", reject);
        });
        request.once("error", reject);
        request.end(body);
      }),
    close: () => agent.destroy(),
  };
}
