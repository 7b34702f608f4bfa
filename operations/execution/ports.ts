import "server-only";
import type { StepPorts } from "#/agents/steps/step-ports.ts";
import type { Tenant } from "#/db/client.ts";
import { shownDocuments } from "#/db/shown-documents.ts";
import { runnableWorkflow } from "#/db/runnable-workflow.ts";
import { limitMinute } from "#/lib/cloud/limits.ts";
import { env } from "#/lib/env.ts";
import { guardedFetch } from "#/lib/http/guarded-fetch.ts";
import { newId } from "#/lib/id.ts";
import { openModel } from "#/operations/connections/models.ts";
import { openConnection } from "#/operations/connections/open.ts";
import { openMemory } from "#/operations/memories/open.ts";
import { priceOfModel } from "#/operations/prices/read.ts";
import { searchKnowledge } from "#/operations/search/passages.ts";
import { secretsForUse } from "#/operations/secrets/seal.ts";
import { makeStore } from "#/operations/tools/store.ts";
import { toolChangesOf } from "#/operations/tools/tool-changes.ts";
import { openTools } from "#/operations/tools/source.ts";

/** Returns what steps of a workspace may use of the outside world. */
export function makeStepPorts(tenant: Tenant): StepPorts {
  const { workspaceId } = tenant;
  return {
    models: {
      language: (name) => openModel(tenant, name),
      nameOf: (id) => id ?? env().llm.model,
      priceOf: (name) => priceOfModel(tenant, name),
    },
    search: (query, { topK = 5, filter }, signal) =>
      searchKnowledge({ workspaceId }, { query, topK, filter }, signal),
    documents: shownDocuments(tenant),
    tools: openTools(tenant),
    toolChanges: toolChangesOf(tenant),
    fetch: guardedFetch({ allowHosts: env().httpAllowHosts }),
    workflow: (idOrName, version) => runnableWorkflow(tenant, idOrName, version),
    secrets: (names) => secretsForUse(tenant, names),
    connection: (name) => openConnection(tenant, name),
    store: makeStore(tenant),
    memory: openMemory(tenant),
    limitCalls: (name, perMinute) => limitMinute("tools", `${workspaceId} ${name}`, perMinute),
    newId,
    now: Date.now,
    random: Math.random,
  };
}
