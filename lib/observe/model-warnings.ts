import type { LogWarningsFunction } from "ai";
import { log } from "#/lib/observe/log.ts";

type Warning = Parameters<LogWarningsFunction>[0]["warnings"][number];

/** So many different warnings are remembered; a process that has met more begins anew. */
const MOST_KNOWN = 1_000;
const known = new Set<string>();

/**
 * Puts what the AI SDK warns of (a setting that a model does not know, an option of yesterday) into the log, each warning of a model once in a process:
 * otherwise it goes to standard error, as text, at every call. Whoever opens a model calls it; a second time changes nothing.
 */
export function logModelWarnings(): void {
  globalThis.AI_SDK_LOG_WARNINGS = writeWarnings;
}

const writeWarnings: LogWarningsFunction = ({ warnings, provider, model }) => {
  for (const warning of warnings) {
    const line = { provider, model, kind: warning.type, ...describeWarning(warning) };
    const key = JSON.stringify(line);
    if (known.has(key)) continue;
    if (known.size >= MOST_KNOWN) known.clear();
    known.add(key);
    log.warn(line, "A model's provider warns");
  }
};

function describeWarning(warning: Warning): {
  readonly about?: string | undefined;
  readonly detail?: string | undefined;
} {
  if (warning.type === "other") return { detail: warning.message };
  if (warning.type === "deprecated") return { about: warning.setting, detail: warning.message };
  return { about: warning.feature, detail: warning.details };
}
