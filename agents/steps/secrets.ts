import { isParking } from "#/agents/steps/parking.ts";
import type { StoredSecret } from "#/agents/steps/step-ports.ts";
import type { PlanStep } from "#/agents/definition/plan/plan.ts";
import { secretNamesIn } from "#/agents/definition/check/secret-names.ts";
import { StepError, toStepError } from "#/agents/steps/step-error.ts";
import { changeTexts, makeMask, standInFor } from "#/agents/steps/secret-mask.ts";
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
  /** By name. */
  readonly values: Readonly<Record<string, string>>;
  /** Runs something that knows the values; they are taken out of what it gives and of what it throws. */
  readonly keep: <T>(call: () => Promise<T>) => Promise<T>;
  readonly mask: <T>(value: T) => T;
  /** For what carries them: goes to their hosts only. */
  readonly fetch: GuardedFetch;
  /** Puts the values back where a person has left their stand-ins. */
  readonly reveal: (value: unknown) => unknown;
}

/** Reads the secrets that a step names, and no others. @throws StepError when there is none of a name */
export const readSecrets = (
  step: Extract<PlanStep, { type: "http" | "tool" }>,
  task: Task,
): Promise<Secrets> => readNamedSecrets(secretNamesIn(step), task);

/** Reads the secrets of these names. @throws StepError when there is none of a name */
export async function readNamedSecrets(names: readonly string[], task: Task): Promise<Secrets> {
  if (names.length === 0) return noSecrets(task);
  const stored = await find(names, task);
  const values = Object.fromEntries(stored.map((secret) => [secret.name, opened(secret)]));
  const mask = makeMask(values);
  return {
    values,
    scope: { ...task.scope, secrets: values },
    shown: { ...task.scope, secrets: Object.fromEntries(names.map((name) => [name, standInFor(name)])) },
    keep: (call) => call().then(mask, (error: unknown) => Promise.reject(withoutSecrets(error, mask))),
    mask,
    fetch: async (request) => {
      for (const secret of stored) assertMayGo(secret, request.url);
      return task.ports.fetch({ ...request, staysAtOrigin: true });
    },
    reveal: (value) =>
      changeTexts(value, (text) =>
        names.reduce((before, name) => before.replaceAll(standInFor(name), () => values[name] ?? ""), text),
      ),
  };
}

const same = <T>(value: T) => value;

/** Nothing is hidden, because nothing is secret. */
export const noSecrets = ({ scope, ports }: Task): Secrets => ({
  values: {},
  scope,
  shown: scope,
  keep: (call) => call(),
  mask: same,
  fetch: ports.fetch,
  reveal: same,
});

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

/** Keeps the code of the network's error, which tells whether a request may have gone out. */
function causeWithout(cause: unknown, mask: <T>(value: T) => T): unknown {
  if (!(cause instanceof Error)) return undefined;
  const masked = new Error(mask(cause.message));
  masked.name = cause.name;
  return "code" in cause ? Object.assign(masked, { code: cause.code }) : masked;
}
