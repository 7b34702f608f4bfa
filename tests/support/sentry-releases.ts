import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { gunzipSync } from "node:zlib";
import { closeServer, listenOnLoopback } from "#/local/loopback.ts";
import { unzip } from "#/tests/support/unzip.ts";

interface Request {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: string;
}

/** What Sentry's command asks of a server before it uploads. */
const UPLOADS = {
  chunkSize: 8_388_608,
  chunksPerRequest: 64,
  maxFileSize: 2_147_483_648,
  maxRequestSize: 33_554_432,
  concurrency: 1,
  hashAlgorithm: "sha1",
  compression: ["gzip"],
  accept: ["release_files", "sources", "artifact_bundles", "artifact_bundles_v2"],
};

/** Sentry's API of releases and artifact bundles, on loopback. */
export class SentryReleases {
  readonly requests: Request[] = [];
  /** Files of all bundles, by their names in them. */
  readonly files = new Map<string, string>();
  readonly #chunks = new Set<string>();
  readonly #server = createServer((request, response) => void this.#answer(request, response));
  #url = "";

  async start(): Promise<string> {
    this.#url = `http://127.0.0.1:${await listenOnLoopback(this.#server, 0)}`;
    return this.#url;
  }

  stop(): Promise<void> {
    return closeServer(this.#server);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    const { method = "", url: path = "" } = request;
    const { authorization } = request.headers;
    this.requests.push({ method, path, authorization, body: body.toString() });
    const answer = path.startsWith("/upload/")
      ? await this.#keep(request, body)
      : this.#tell(method, path, body.toString());
    response.writeHead(method === "POST" && path.endsWith("/releases/") ? 201 : 200, {
      "content-type": "application/json",
    });
    response.end(JSON.stringify(answer));
  }

  #tell(method: string, path: string, body: string): object {
    if (method === "GET" && path.includes("/chunk-upload/"))
      return { ...UPLOADS, url: `${this.#url}/upload/` };
    if (!path.includes("/assemble/")) return { id: "1", slug: "acme", version: "", projects: [] };
    const { chunks } = JSON.parse(body) as { readonly chunks: readonly string[] };
    const missingChunks = chunks.filter((chunk) => !this.#chunks.has(chunk));
    return { state: missingChunks.length > 0 ? "not_found" : "created", missingChunks, detail: null };
  }

  async #keep(request: IncomingMessage, body: Buffer): Promise<object> {
    const headers = { "content-type": request.headers["content-type"] ?? "" };
    const form = await new Response(new Uint8Array(body), { headers }).formData();
    for (const file of form.values()) {
      if (typeof file === "string") continue;
      this.#chunks.add(file.name);
      const bundle = gunzipSync(Buffer.from(await file.arrayBuffer()));
      for (const [name, text] of unzip(bundle)) this.files.set(name, text);
    }
    return {};
  }
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
