import { createServer } from "node:http";
import { closeServer, listenOnLoopback } from "#/local/loopback.ts";
import { Broker } from "#/local/qstash/broker.ts";
import { FaultInjector, type Faults } from "#/local/qstash/faults.ts";
import { answerRequests } from "#/local/qstash/http.ts";
import { Publisher } from "#/local/qstash/publisher.ts";
import { qstashRoutes } from "#/local/qstash/routes.ts";
import { Schedules } from "#/local/qstash/schedules.ts";
import { Settings } from "#/local/qstash/settings.ts";
import { Store } from "#/local/qstash/store.ts";
import { type ShortCut, Transmitter } from "#/local/qstash/transmitter.ts";

export type QstashOptions = {
  /** 0 lets the system choose. */
  readonly port: number;
  /** SQLite file; ":memory:" keeps nothing. */
  readonly file: string;
  readonly token: string;
  readonly currentSigningKey: string;
  readonly nextSigningKey: string;
  readonly faults?: Faults | undefined;
  /** Deliveries at the same time, over all lanes. */
  readonly globalParallelism?: number | undefined;
  readonly shortCut?: ShortCut | undefined;
};

export type Qstash = {
  readonly port: number;
  readonly stop: () => Promise<void>;
  readonly stats: () => ReturnType<Broker["stats"]>;
};

const KEEP_DEAD_LETTERS_MS = 7 * 86_400_000;
const TIDY_EVERY_MS = 60_000;

/**
 * Speaks QStash v2 on 127.0.0.1. Every request needs the token. A message is durable before it is acknowledged:
 * kill -9 loses none, and what was in flight, or has arrived in the last 20 ms, is delivered again.
 */
export async function startQstash(options: QstashOptions): Promise<Qstash> {
  const store = new Store(options.file);
  const settings = new Settings(store);
  const faults = new FaultInjector(options.faults);
  const transmitter = new Transmitter(options.currentSigningKey, options.shortCut);
  const broker = new Broker({
    store,
    settings,
    faults,
    transmitter,
    globalParallelism: options.globalParallelism ?? 100,
  });
  const publisher = new Publisher({ store, settings, broker });
  const schedules = new Schedules(store, publisher);
  const signingKeys = { current: options.currentSigningKey, next: options.nextSigningKey };
  const router = qstashRoutes({ store, settings, broker, publisher, schedules, faults, signingKeys });

  const server = createServer(answerRequests(router, options.token));
  server.keepAliveTimeout = 65_000;
  const port = await listenOnLoopback(server, options.port);
  const stopTidying = tidyRegularly(store);
  broker.restore();
  schedules.restore();

  const stop = async () => {
    stopTidying();
    schedules.close();
    broker.close();
    await closeServer(server);
    transmitter.close();
    store.close();
  };
  return { port, stop, stats: () => broker.stats() };
}

function tidyRegularly(store: Store): () => void {
  const tidy = () => {
    const now = Date.now();
    store.forget({ duplicates: now, deadLetters: now - KEEP_DEAD_LETTERS_MS });
  };
  tidy();
  const timer = setInterval(tidy, TIDY_EVERY_MS);
  return () => clearInterval(timer);
}
