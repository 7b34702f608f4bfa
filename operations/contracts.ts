import * as health from "#/operations/health/contract.ts";
import * as hooks from "#/operations/hooks/contract.ts";
import * as metrics from "#/operations/metrics/contract.ts";
import * as apiKeys from "#/operations/api-keys/contract.ts";
import * as approvals from "#/operations/approvals/contract.ts";
import * as batches from "#/operations/batches/contract.ts";
import * as connections from "#/operations/connections/contract.ts";
import * as definitions from "#/operations/definitions/contract.ts";
import * as documents from "#/operations/documents/contract.ts";
import * as events from "#/operations/events/contract.ts";
import * as inbox from "#/operations/inbox/contract.ts";
import * as limits from "#/operations/limits/contract.ts";
import * as mcp from "#/operations/mcp/contract.ts";
import * as mcpServers from "#/operations/mcp-servers/contract.ts";
import * as me from "#/operations/me/contract.ts";
import * as notifications from "#/operations/notifications/contract.ts";
import * as memories from "#/operations/memories/contract.ts";
import * as runCounts from "#/operations/run-counts/contract.ts";
import * as prices from "#/operations/prices/contract.ts";
import * as runs from "#/operations/runs/contract.ts";
import * as schedules from "#/operations/schedules/contract.ts";
import * as search from "#/operations/search/contract.ts";
import * as secrets from "#/operations/secrets/contract.ts";
import * as skills from "#/operations/skills/contract.ts";
import * as storage from "#/operations/storage/contract.ts";
import * as tools from "#/operations/tools/contract.ts";
import * as tries from "#/operations/tries/contract.ts";
import * as webhooks from "#/operations/webhooks/contract.ts";
import * as workflows from "#/operations/workflows/contract.ts";
import type { Contract } from "#/lib/http/contract.ts";

/** The contract files by the noun that they are about; each export whose name ends in Contract is a route. */
const FILES = {
  workflows,
  runs,
  tries,
  runCounts,
  batches,
  approvals,
  inbox,
  notifications,
  schedules,
  webhooks,
  definitions,
  documents,
  memories,
  search,
  events,
  limits,
  skills,
  storage,
  secrets,
  prices,
  connections,
  tools,
  apiKeys,
  mcpServers,
  me,
  mcp,
  hooks,
  health,
  metrics,
};
/** The types of all contracts, which clients are made from. */
export type ContractFiles = typeof FILES;

export interface NamedContract {
  /** In camel case: listRuns */
  readonly name: string;
  readonly noun: string;
  readonly contract: Contract;
}

/** Every route of the public API. */
export const CONTRACTS: readonly NamedContract[] = Object.entries(FILES).flatMap(([noun, exports]) =>
  Object.entries<unknown>(exports).flatMap(([name, value]) =>
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
