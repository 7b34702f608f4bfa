import "server-only";
import type { LanguageModel } from "ai";
import { StepError } from "#/agents/steps/step-error.ts";
import { CONNECTION_NAME, type ConnectionKind } from "#/agents/vocabulary/connection.ts";
import type { Tenant } from "#/db/client.ts";
import { connectedModel, type ModelMaker } from "#/lib/cloud/connected-models.ts";
import { languageModel } from "#/lib/cloud/models.ts";
import { openConnection } from "#/operations/connections/open.ts";

/** A model thinks for minutes; its step's own time limit comes first. */
const WIRE = { timeoutMs: 30 * 60_000, maxBytes: 64 * 1024 * 1024 };

const MAKERS: Partial<Record<ConnectionKind, ModelMaker>> = {
  openai: "openai",
  anthropic: "anthropic",
  google: "google",
  gateway: "gateway",
  "openai-compatible": "openai-compatible",
};

/**
 * The model of a name: `connection/model`, or a connection alone for its usual model, where the workspace has such a connection; else a model of
 * the installation's own endpoint. @throws StepError
 */
export async function openModel(tenant: Tenant, name: string | undefined): Promise<LanguageModel> {
  const [first = "", ...rest] = name?.split("/") ?? [];
  const connection = CONNECTION_NAME.test(first) ? await openConnection(tenant, first, WIRE) : undefined;
  if (!connection) return languageModel(name);
  const maker = MAKERS[connection.kind];
  if (!maker)
    throw new StepError(
      "connection-kind",
      `The connection “${first}” is of kind ${connection.kind} and has no models. Name one that has.`,
    );
  const model = rest.join("/") || connection.settings["model"];
  if (!model)
    throw new StepError(
      "model-missing",
      `The connection “${first}” has no usual model. Write ${first}/<model>, or set one in the connection.`,
    );
  return connectedModel({ maker, url: connection.settings["url"] ?? "", stream: connection.stream }, model);
}
