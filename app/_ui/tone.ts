/** What a colour means. One table, so that a meaning has the same colour everywhere. */
export type Tone = "ok" | "info" | "warn" | "bad" | "idle";

export const TONE_TEXT: Readonly<Record<Tone, string>> = {
  ok: "text-ok",
  info: "text-info",
  warn: "text-warn",
  bad: "text-bad",
  idle: "text-idle",
};

export const TONE_SOFT: Readonly<Record<Tone, string>> = {
  ok: "border-ok/30 bg-ok/8 text-ok",
  info: "border-info/30 bg-info/8 text-info",
  warn: "border-warn/35 bg-warn/8 text-warn",
  bad: "border-bad/30 bg-bad/8 text-bad",
  idle: "border-border bg-muted text-idle",
};
