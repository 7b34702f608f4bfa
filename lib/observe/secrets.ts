/** Fields whose values never leave the process, in lower case. */
const SECRET_KEYS: ReadonlySet<string> = new Set([
  "authorization",
  "cookie",
  "set-cookie",
  "password",
  "secret",
  "token",
  "apikey",
  "key",
  "signature",
  "secretsealed",
  "tokensealed",
]);
/**
 * Keys of ours, webhook secrets and bearer tokens, wherever they stand in a line: an error's text may quote a request. An address may let in whoever has
 * it: a decision link, an invitation, the answer of a sign-in.
 */
const SECRET_TEXT =
  /\b(cairn_|whsec_)[A-Za-z0-9_+/=-]{16,}|\b(Bearer )[A-Za-z0-9._~+/=-]{8,}|(\/decide\/|[?&](?:__clerk_ticket|code|token)=)[A-Za-z0-9._~%+/-]{16,}/g;
const HIDDEN = "[redacted]";
/** A request within an error within a report; what is deeper is only searched as text. */
const DEEPEST = 6;

/** Takes secrets out of a line of log. */
export function hideSecrets(line: string): string {
  return line.replaceAll(SECRET_TEXT, `$1$2$3${HIDDEN}`);
}

/** The same value with the fields hidden that are secret by name; copied only where it holds one. (Paths of pino's own cost 50 µs a line, this costs 1.) */
export function withoutSecrets<T>(value: T, depth?: number): T;
export function withoutSecrets(value: unknown, depth = DEEPEST): unknown {
  if (typeof value !== "object" || value === null || depth === 0 || "toJSON" in value) return value;
  const entries = Object.entries(value);
  const kept = entries.map(([key, field]): [string, unknown] => [
    key,
    SECRET_KEYS.has(key.toLowerCase()) ? HIDDEN : withoutSecrets(field, depth - 1),
  ]);
  if (kept.every(([, field], index) => field === entries[index]?.[1])) return value;
  return Array.isArray(value) ? kept.map(([, field]) => field) : Object.fromEntries(kept);
}

/** An event of error reporting: values within exceptions within frames within an event. */
const DEEPEST_EVENT = 14;

/** The same event with secrets taken out of its fields and texts. What the reporter keeps for itself stays as it is. */
export function scrubEvent<E extends { sdkProcessingMetadata?: unknown }>(event: E): E {
  const { sdkProcessingMetadata, ...sent } = event;
  return {
    ...event,
    ...withoutSecretTexts(sent),
    ...(sdkProcessingMetadata !== undefined && { sdkProcessingMetadata }),
  };
}

/** The same part of a trace with secrets taken out of its names and attributes. */
export const scrubSpan = <S extends object>(span: S): S => withoutSecretTexts(span);

function withoutSecretTexts<T>(value: T, depth?: number): T;
function withoutSecretTexts(value: unknown, depth = DEEPEST_EVENT): unknown {
  if (typeof value === "string") return hideSecrets(value);
  if (typeof value !== "object" || value === null || depth === 0) return value;
  if (Array.isArray(value)) return value.map((item: unknown) => withoutSecretTexts(item, depth - 1));
  return Object.fromEntries(
    Object.entries(withoutSecrets(value, 1)).map(([key, field]: [string, unknown]) => [
      key,
      withoutSecretTexts(field, depth - 1),
    ]),
  );
}
