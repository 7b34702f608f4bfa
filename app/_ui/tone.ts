/** The meanings of colours. One table, so that a meaning has the same colour everywhere. */
export type Tone = "ok" | "info" | "warn" | "bad" | "idle";

/** A filled area: amber only where it is a person's turn, red only for what failed. */
export const TONE_SOFT: Readonly<Record<Tone, string>> = {
  ok: "border-line bg-well text-ink-2",
  info: "border-run-line bg-run-soft text-run-text",
  warn: "border-wait-line bg-wait-soft text-wait-text",
  bad: "border-fail-line bg-fail-soft text-fail-text",
  idle: "border-line bg-well text-ink-2",
};
