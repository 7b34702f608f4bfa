import { Session } from "node:inspector";
import type { init, Span } from "@sentry/nextjs";
import { keepAlive } from "#/lib/observe/keep-alive.ts";
import { MAIN_THREAD, toSampledProfile } from "#/lib/observe/sampled-profile.ts";

type Client = NonNullable<ReturnType<typeof init>>;

/** As often as Sentry's own profiler looks. */
const INTERVAL_US = 10_000;
/** Sentry takes profiles in chunks of a minute at most. */
const CHUNK_MS = 60_000;
/** No request takes longer (vercel.json): whatever has not ended by then is not waited for. */
const MOST_CHUNKS = 5;

/**
 * Sends CPU profiles of this process to Sentry while requests are under way whose trace it gets, of `share` of them. By Node's own profiler: the package that
 * Sentry has for it is native code for each platform (docs/decisions/2026-11-30-sentry-profiles.md).
 */
export function sendProfiles(client: Client, share: number): void {
  const profiler = new RequestProfiler(client);
  client.on("spanStart", (span) => {
    if (isRoot(span) && span.isRecording() && Math.random() < share) profiler.begin(span);
    profiler.mark(span);
  });
  client.on("spanEnd", (span) => profiler.end(span));
}

/** The SDK says in each span of a request which one is above all of them, and in that one nothing. */
const isRoot = (span: Span) => Reflect.get(span, "_sentryRootSpan") === undefined;

const newId = () => crypto.randomUUID().replaceAll("-", "");

/** One profile for all requests that are under way at a time: they share the thread. */
class RequestProfiler {
  readonly #client: Client;
  readonly #session = new Session();
  readonly #profilerId = newId();
  readonly #open = new Set<string>();
  #startedAt = 0;
  #chunks = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(client: Client) {
    this.#client = client;
    this.#session.connect();
    this.#session.post("Profiler.enable");
    this.#session.post("Profiler.setSamplingInterval", { interval: INTERVAL_US });
  }

  begin(root: Span): void {
    this.#open.add(root.spanContext().spanId);
    if (this.#timer === undefined) this.#start();
  }

  /** Says in a span where its profile is to be found: which profiler, and which thread. */
  mark(span: Span): void {
    if (this.#timer === undefined) return;
    span.setAttributes({
      "sentry.profiler_id": this.#profilerId,
      "thread.id": MAIN_THREAD.id,
      "thread.name": MAIN_THREAD.name,
    });
  }

  end(span: Span): void {
    if (this.#open.delete(span.spanContext().spanId) && this.#open.size === 0) this.#stop();
  }

  #start(): void {
    this.#startedAt = Date.now();
    this.#session.post("Profiler.start");
    this.#timer = setTimeout(() => this.#cut(), CHUNK_MS).unref();
  }

  #cut(): void {
    this.#chunks += 1;
    if (this.#chunks >= MOST_CHUNKS) this.#open.clear();
    const goesOn = this.#open.size > 0;
    this.#stop();
    if (goesOn) this.#start();
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#open.size === 0) this.#chunks = 0;
    this.#session.post("Profiler.stop", (error, stopped) => {
      if (!error) this.#send(toSampledProfile(stopped.profile, this.#startedAt));
    });
  }

  #send(profile: ReturnType<typeof toSampledProfile>): void {
    // One sample says nothing of how long anything took, and Sentry refuses it.
    if (profile.samples.length < 2) return;
    const { release, environment = "production", stackParser } = this.#client.getOptions();
    const sdk = this.#client.getSdkMetadata()?.sdk;
    const files = new Set(profile.frames.flatMap(({ abs_path }) => abs_path ?? []));
    const chunk = {
      chunk_id: newId(),
      profiler_id: this.#profilerId,
      client_sdk: { name: sdk?.name ?? "sentry.javascript.nextjs", version: sdk?.version ?? "" },
      platform: "node",
      version: "2",
      release: release ?? "",
      environment,
      // By these it finds the source maps of the files.
      debug_meta: { images: findImages(stackParser, files) },
      profile,
    };
    const headers = { event_id: newId(), sent_at: new Date().toISOString(), ...(sdk && { sdk }) };
    const sent = this.#client.sendEnvelope([headers, [[{ type: "profile_chunk", platform: "node" }, chunk]]]);
    keepAlive(Promise.resolve(sent));
  }
}

/** Where a build that uploads its source maps notes the id of each file, by a stack trace of the file's first line. */
const DEBUG_IDS = ["_sentryDebugIds", "_debugIds"];

/** Finds the ids by which Sentry knows the source maps of the files. */
function findImages(parse: ReturnType<Client["getOptions"]>["stackParser"], files: ReadonlySet<string>) {
  const noted = DEBUG_IDS.flatMap((name) => Object.entries<string>(Reflect.get(globalThis, name) ?? {}));
  return noted.flatMap(([stack, id]) => {
    const file = parse(stack).at(-1)?.filename;
    return file !== undefined && files.has(file)
      ? [{ type: "sourcemap" as const, code_file: file, debug_id: id }]
      : [];
  });
}
