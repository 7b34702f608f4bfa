import "server-only";
import type { LanguageModel } from "ai";
import { StepError } from "#/agents/steps/step-error.ts";
import { CONNECTION_NAME, servesModels } from "#/agents/vocabulary/connection.ts";
import type { Tenant } from "#/db/client.ts";
import { listConnections } from "#/db/connections.ts";
import { connectedModel } from "#/lib/cloud/connected-models.ts";
import { isAtGateway, languageModel } from "#/lib/cloud/models.ts";
import { env } from "#/lib/env.ts";
import { openConnection } from "#/operations/connections/open.ts";

/** A model thinks for minutes; its step's own time limit comes first. */
const WIRE = { timeoutMs: 30 * 60_000, maxBytes: 64 * 1024 * 1024 };

/**
 * The model that works for the workspace where nobody has named one: the deployment's own, or, where that is a stand-in, the usual one of a connection,
 * by its name. Undefined where none is connected.
 */
export async function findWorkingModel(tenant: Tenant): Promise<string | undefined> {
  const { model, note } = env().llm;
  if (note === undefined) return model;
  const connections = await listConnections(tenant);
  return connections.find(({ kind, settings }) => servesModels(kind) && settings["model"])?.name;
}

/**
 * The model of a name: `connection/model`, or a connection alone for its usual model, where the workspace has such a connection; else a model of
 * the installation's own endpoint. @throws StepError
 */
export async function openModel(
  tenant: Tenant,
  name: string | undefined,
  wire = WIRE,
): Promise<LanguageModel> {
  const [first = "", ...rest] = name?.split("/") ?? [];
  const connection = CONNECTION_NAME.test(first) ? await openConnection(tenant, first, wire) : undefined;
  if (!connection) return languageModel(name);
  const { kind: maker } = connection;
  if (!servesModels(maker))
    throw new StepError(
      "connection-kind",
      `The connection “${first}” is of kind ${maker} and has no models. Name one that has.`,
    );
  const model = nameModel(first, rest.join("/") || connection.settings["model"]);
  return connectedModel({ maker, url: connection.settings["url"] ?? "", stream: connection.stream }, model);
}

/** Tells whose models a name stands for, by the kind of its connection; undefined where a gateway decides. */
export type Makers = (model: string | undefined) => string | undefined;

/** Reads whose models the workspace's names stand for, as `openModel` opens them. */
export async function findMakers(tenant: Tenant): Promise<Makers> {
  const kinds = new Map((await listConnections(tenant)).map(({ name, kind }) => [name, kind]));
  return (model) => {
    const kind = kinds.get(model?.split("/")[0] ?? "");
    if (kind !== undefined) return kind;
    return isAtGateway(model ?? env().llm.model) ? undefined : "openai-compatible";
  };
}

function nameModel(connection: string, model: string | undefined): string {
  if (model) return model;
  throw new StepError(
    "model-missing",
    `The connection “${connection}” has no usual model. Write ${connection}/<model>, or set one in the connection.`,
  );
}
