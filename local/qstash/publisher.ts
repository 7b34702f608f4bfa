import { createHash } from "node:crypto";
import * as v from "valibot";
import type { Broker } from "#/local/qstash/broker.ts";
import { type Destination, type Headers, type Origin, readMessage } from "#/local/qstash/message.ts";
import { Refusal } from "#/local/qstash/refusal.ts";
import type { Settings } from "#/local/qstash/settings.ts";
import type { Store } from "#/local/qstash/store.ts";

export type Published = { readonly messageId: string; readonly url?: string; readonly deduplicated?: true };

export type Publication = {
  readonly destination: string;
  readonly headers: Headers;
  readonly body: Buffer;
  readonly origin: Origin;
};

/** One item of `POST /v2/batch`. */
export const BatchItem = v.object({
  destination: v.string(),
  headers: v.optional(v.record(v.string(), v.string()), {}),
  body: v.optional(v.nullable(v.string())),
  queue: v.optional(v.string()),
});

const DEDUPLICATION_WINDOW_MS = 600_000;

/** Turns publish requests into accepted messages: finds the destinations and ignores what was published already. */
export class Publisher {
  private readonly store: Store;
  private readonly settings: Settings;
  private readonly broker: Broker;

  constructor(parts: { readonly store: Store; readonly settings: Settings; readonly broker: Broker }) {
    this.store = parts.store;
    this.settings = parts.settings;
    this.broker = parts.broker;
  }

  /** One answer for a URL, a list for a URL group. @throws Refusal when nothing was accepted. */
  publish(publication: Publication): Published | readonly Published[] {
    const destinations = this.resolve(publication.destination);
    const key = deduplicationKey(publication);
    const published = this.store.atomically(() =>
      destinations.map((to) => this.publishTo(to, publication, key)),
    );
    const [only] = published;
    return isUrl(publication.destination) && only ? only : published;
  }

  /** Each item gets its own answer; a refused one does not hinder the others. */
  publishBatch(items: readonly v.InferOutput<typeof BatchItem>[], callerIp: string | undefined) {
    return this.store.atomically(() =>
      items.map(({ destination, headers, body, queue }) => {
        if (queue !== undefined) this.ensureQueue(queue);
        const publication = {
          destination,
          headers: lowerCased(headers),
          body: Buffer.from(body ?? ""),
          origin: { queue, callerIp },
        };
        return answerOrError(() => this.publish(publication));
      }),
    );
  }

  ensureQueue(name: string): void {
    if (!this.settings.queues.get(name)) this.settings.saveQueue(name, {});
  }

  /** @throws Refusal for what is neither an http(s) URL nor a known URL group. */
  resolve(destination: string): readonly Destination[] {
    if (isUrl(destination)) {
      if (!URL.canParse(destination)) throw new Refusal(400, `invalid destination url: ${destination}`);
      return [{ url: destination }];
    }
    const group = this.settings.urlGroups.get(destination);
    if (!group)
      throw new Refusal(
        404,
        `url group ${destination} not found; a url needs to start with http:// or https://`,
      );
    return group.endpoints.map(({ url, name }) => ({ url, topic: destination, endpoint: name }));
  }

  private publishTo(
    to: Destination,
    { headers, body, origin }: Publication,
    key: string | undefined,
  ): Published {
    const now = Date.now();
    const group = to.topic === undefined ? {} : { url: to.url };
    const known = key === undefined ? undefined : this.store.findDuplicate(`${to.url}|${key}`, now);
    if (known !== undefined) return { messageId: known, deduplicated: true, ...group };
    const message = readMessage(headers, body, { ...to, ...origin });
    this.broker.accept(message);
    if (key !== undefined)
      this.store.rememberDuplicate(`${to.url}|${key}`, message.id, now + DEDUPLICATION_WINDOW_MS);
    return { messageId: message.id, ...group };
  }
}

function isUrl(destination: string): boolean {
  return /^https?:\/\//i.test(destination);
}

function lowerCased(headers: Headers): Headers {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function deduplicationKey({ destination, headers, body }: Publication): string | undefined {
  const id = headers["upstash-deduplication-id"];
  // The real service refuses it too, which is easy to find out too late.
  if (id?.includes(":")) throw new Refusal(400, "DeduplicationId cannot contain ':'");
  if (id !== undefined) return `id:${id}`;
  if (headers["upstash-content-based-deduplication"] !== "true") return undefined;
  const forwarded = Object.entries(headers).filter(
    ([name]) => name === "content-type" || name.startsWith("upstash-forward-"),
  );
  const lines = forwarded
    .map(([name, value]) => `${name}: ${value}`)
    .toSorted((one, other) => (one < other ? -1 : 1));
  const content = createHash("sha256")
    .update(JSON.stringify([destination, lines]))
    .update(body);
  return `content:${content.digest("hex")}`;
}

function answerOrError<T>(publish: () => T): T | { readonly error: string } {
  try {
    return publish();
  } catch (error) {
    if (error instanceof Refusal) return { error: error.message };
    throw error;
  }
}
