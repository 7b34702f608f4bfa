import { AsyncLocalStorageProviderSingleton as storage } from "@langchain/core/singletons";

/** Where LangChain keeps the configuration of the call that is under way; `interrupt` reads it. */
const CHILD_CONFIG = Symbol.for("lc:child_config");

const traced = storage.runWithConfig.bind(storage);
const untraced: typeof traced = (config, callback, ...rest) =>
  config?.callbacks === undefined ? storage.getInstance().run({ extra: { [CHILD_CONFIG]: config } }, callback) : traced(config, callback, ...rest);

/**
 * LangChain makes a LangSmith run tree for every call of every node, writer and branch, also where nobody traces: with its random id, its dates and its
 * reads of the environment, 17 % of the engine's CPU (0.1 ms of a superstep). Only the configuration of the call is needed, so only that is kept.
 * A call with callbacks, which tracing brings along, goes LangChain's own way.
 */
export function leaveOutRunTrees(): void {
  storage.runWithConfig = untraced;
}
