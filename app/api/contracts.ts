import * as health from "#/app/api/health/contract.ts";
import * as hooks from "#/app/api/hooks/contract.ts";
import * as metrics from "#/app/api/metrics/contract.ts";
import * as apiKeys from "#/app/api/v1/api-keys/contract.ts";
import * as approvals from "#/app/api/v1/approvals/contract.ts";
import * as documents from "#/app/api/v1/documents/contract.ts";
import * as events from "#/app/api/v1/events/contract.ts";
import * as limits from "#/app/api/v1/limits/contract.ts";
import * as me from "#/app/api/v1/me/contract.ts";
import * as runs from "#/app/api/v1/runs/contract.ts";
import * as schedules from "#/app/api/v1/schedules/contract.ts";
import * as search from "#/app/api/v1/search/contract.ts";
import * as secrets from "#/app/api/v1/secrets/contract.ts";
import * as storage from "#/app/api/v1/storage/contract.ts";
import * as webhooks from "#/app/api/v1/webhooks/contract.ts";
import * as workflows from "#/app/api/v1/workflows/contract.ts";
import type { Contract } from "#/lib/http/contract.ts";

/** The contract files by the noun that they are about; each export whose name ends in Contract is a route. */
const NOUNS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  workflows,
  runs,
  approvals,
  schedules,
  webhooks,
  documents,
  search,
  events,
  limits,
  storage,
  secrets,
  apiKeys,
  me,
  hooks,
  health,
  metrics,
};

export interface NamedContract {
  /** In camel case: listRuns */
  readonly name: string;
  readonly noun: string;
  readonly contract: Contract;
}

/** Every route of the public API. */
export const CONTRACTS: readonly NamedContract[] = Object.entries(NOUNS).flatMap(([noun, exports]) =>
  Object.entries(exports).flatMap(([name, value]) =>
    isContract(value) ? [{ name: name.replace(/Contract$/, ""), noun, contract: value }] : [],
  ),
);

function isContract(value: unknown): value is Contract {
  return (
    typeof value === "object" &&
    value !== null &&
    "method" in value &&
    "path" in value &&
    "responses" in value
  );
}
