import { openConnection } from "#/agents/connections/open-connection.ts";
import type { OpenConnection } from "#/agents/connections/connection.ts";
import { guardedFetch, guardedStream } from "#/lib/http/guarded-fetch.ts";
import { guardedMail } from "#/lib/http/guarded-mail.ts";
import { connectedModel, type ModelMaker } from "#/lib/cloud/connected-models.ts";
import { setEnvironment } from "#/tests/support/environment.ts";
import { noTokens } from "#/tests/support/no-tokens.ts";

interface MakerAt {
  readonly kind: ModelMaker;
  readonly url: string;
  readonly apiKey: string;
}

/** A connection to a maker of models at an address on this machine, behind the real guard. */
export function connectTo({ kind, url, apiKey }: MakerAt, model?: string): OpenConnection {
  // The makers' packages warn, and the log wants to know how much it writes.
  setEnvironment();
  const guard = { allowHosts: ["127.0.0.1"] };
  return openConnection(
    {
      id: "1",
      name: "c",
      kind,
      settings: { url, ...(model !== undefined && { model }) },
      credentials: { apiKey },
      hosts: [new URL(url).host],
      updatedAt: "",
    },
    { fetch: guardedFetch(guard), stream: guardedStream(guard), mail: guardedMail(guard), tokens: noTokens },
  );
}

/** A model there, spoken with by its maker's own package. */
export function modelAt(at: MakerAt, model: string) {
  const { kind: maker, url } = at;
  return connectedModel({ maker, url, stream: connectTo(at).stream }, model);
}
