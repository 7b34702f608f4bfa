import { isParking } from "#/agents/steps/parking.ts";
import type { StoredSecret } from "#/agents/steps/step-ports.ts";
import type { PlanStep } from "#/agents/definition/plan/plan.ts";
import { secretNamesIn } from "#/agents/definition/check/secret-names.ts";
import { StepError, toStepError } from "#/agents/steps/step-error.ts";
import type { Task } from "#/agents/steps/task.ts";
import type { GuardedFetch } from "#/lib/outbound.ts";
import { maySendTo } from "#/lib/secret-hosts.ts";

type Scope = Task["scope"];

/**
 * The secrets that a step names. What it sends is made with `scope`; everything that is stored, logged, hashed or shown is made with `shown`,
 * where `•••NAME` stands in for each value, and what comes back goes through `keep`.
 */
export interface Secrets {
  readonly scope: Scope;
  readonly shown: Scope;
  /** Runs something that knows the values; they are taken out of what it gives and of what it throws. */
  readonly keep: <T>(call: () => Promise<T>) => Promise<T>;
  readonly mask: <T>(value: T) => T;
  /** For what carries them: goes to their hosts only. */
  readonly fetch: GuardedFetch;
  /** Puts the values back where a person has left their stand-ins. */
  readonly reveal: (value: unknown) => unknown;
}

/** Reads the secrets that a step names, and no others. @throws StepError when there is none of a name */
export async function readSecrets(
  step: Extract<PlanStep, { type: "http" | "tool" }>,
  task: Task,
): Promise<Secrets> {
  const names = secretNamesIn(step);
  if (names.length === 0) return noSecrets(task);
  const stored = await find(names, task);
  const values = Object.fromEntries(stored.map((secret) => [secret.name, opened(secret)]));
  const mask = makeMask(values);
  return {
    scope: { ...task.scope, secrets: values },
    shown: { ...task.scope, secrets: Object.fromEntries(names.map((name) => [name, standInFor(name)])) },
    keep: (call) => call().then(mask, (error: unknown) => Promise.reject(withoutSecrets(error, mask))),
    mask,
    fetch: async (request) => {
      for (const secret of stored) assertMayGo(secret, request.url);
      return task.ports.fetch({ ...request, staysAtOrigin: true });
    },
    reveal: (value) =>
      changed(value, (text) =>
        names.reduce((before, name) => before.replaceAll(standInFor(name), () => values[name] ?? ""), text),
      ),
  };
}

const same = <T>(value: T) => value;

/** Nothing is hidden, because nothing is secret. */
export const noSecrets = ({ scope, ports }: Task): Secrets => ({
  scope,
  shown: scope,
  keep: (call) => call(),
  mask: same,
  fetch: ports.fetch,
  reveal: same,
});

const standInFor = (name: string) => `•••${name}`;

/** Of the address no more than its host is told: the rest may hold a value. */
function assertMayGo({ name, hosts }: StoredSecret, url: string): void {
  if (maySendTo(url, hosts ?? [])) return;
  const host = URL.parse(url)?.host ?? "an address without a host";
  throw new StepError(
    "secret-elsewhere",
    `The secret “${name}” is not bound to ${host}, and nothing was sent. An admin can add the host in Settings under Secrets; then retry the run.`,
  );
}

async function find(names: readonly string[], task: Task): Promise<readonly StoredSecret[]> {
  const stored = new Map((await task.ports.secrets(names)).map((secret) => [secret.name, secret]));
  return names.map((name) => {
    const secret = stored.get(name);
    if (!secret) {
      throw new StepError(
        "secret-missing",
        `There is no secret named “${name}” in this workspace. An admin sets it in Settings under Secrets, or by PUT /api/v1/secrets/${name}; then retry the run.`,
      );
    }
    if (secret.hosts === null) {
      throw new StepError(
        "secret-unbound",
        `Nobody has said where the secret “${name}” may be sent. An admin names its hosts in Settings under Secrets, or by PATCH /api/v1/secrets/${name} {hosts}; then retry the run.`,
      );
    }
    return secret;
  });
}

function opened({ name, open: openSecret }: StoredSecret): string {
  try {
    return openSecret();
  } catch (cause) {
    throw new StepError(
      "secret-unreadable",
      `The secret “${name}” cannot be opened: ${cause instanceof Error ? cause.message : String(cause)}`,
    );
  }
}

/** What is shorter is in every other word; masking it would tear answers to pieces. */
const SHORTEST_MASKED = 4;

function makeMask(values: Readonly<Record<string, string>>): <T>(value: T) => T {
  const masks = Object.entries(values)
    .flatMap(([name, value]) => listEncodings(value).map((form) => ({ form, standIn: standInFor(name) })))
    // Of two secrets of which one holds the other, the longer one first.
    .toSorted((a, b) => b.form.length - a.form.length);
  return (value) =>
    changed(value, (text) =>
      masks.reduce((before, { form, standIn }) => before.replaceAll(form, () => standIn), text),
    );
}

/** The value as it may come back: as it is, in an address, in a form, in JSON, in base64, alone or behind a user's name. */
function listEncodings(value: string): readonly string[] {
  const forms = [
    value,
    encodeURIComponent(value.toWellFormed()),
    encodeURI(value.toWellFormed()),
    new URLSearchParams([["", value]]).toString().slice(1),
    URL.parse(`http://host/${value}`)?.pathname.slice(1) ?? value,
    JSON.stringify(value).slice(1, -1),
    ...[0, 1, 2].flatMap((before) => base64Within(value, before)),
  ];
  return [...new Set(forms)].filter((form) => form.length >= SHORTEST_MASKED);
}

/** What base64 makes of the value wherever it stands in a text: three bytes are four characters, so where it begins in its three makes a difference. */
function base64Within(value: string, bytesBefore: number): readonly string[] {
  const bytes = Buffer.concat([Buffer.alloc(bytesBefore), Buffer.from(value)]);
  const [from, to] = [Math.ceil((bytesBefore * 4) / 3), Math.floor((bytes.length * 4) / 3)];
  return [bytes.toString("base64").slice(from, to), bytes.toString("base64url").slice(from, to)];
}

/** A JSON value with each of its texts changed, keys included. */
function changed<T>(value: T, change: (text: string) => string): T {
  // The shape stays: a text becomes a text, a list a list.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return changedPart(value, change) as T;
}

function changedPart(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((item: unknown) => changedPart(item, change));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]: [string, unknown]) => [change(key), changedPart(item, change)]),
  );
}

/** The error made anew, without anything but what is known to be clean: its properties, its stack and its causes may tell a value as well. */
function withoutSecrets(error: unknown, mask: <T>(value: T) => T): unknown {
  // A question to a person; it was made of what may be shown.
  if (isParking(error)) return error;
  const { code, message, retryable, retryAfterMs, endsAs, cause } = toStepError(error);
  return new StepError(code, mask(message), {
    retryable,
    retryAfterMs,
    endsAs,
    cause: causeWithout(cause, mask),
  });
}

/** Whether a request may have gone out is told by the code of the network's error. */
function causeWithout(cause: unknown, mask: <T>(value: T) => T): unknown {
  if (!(cause instanceof Error)) return undefined;
  const masked = new Error(mask(cause.message));
  masked.name = cause.name;
  return "code" in cause ? Object.assign(masked, { code: cause.code }) : masked;
}
