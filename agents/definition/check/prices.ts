import { pointer, type Problem } from "#/agents/definition/problem.ts";
import type { Definition } from "#/agents/definition/format/definition.ts";
import { listJudgeModels } from "#/agents/definition/check/guardrails.ts";
import type { CrewBody } from "#/agents/definition/format/crew.ts";
import { listModels } from "#/agents/definition/format/fields.ts";
import { listMemoryModels } from "#/agents/definition/format/memory.ts";
import { crewAgents } from "#/agents/definition/plan/crew-agents.ts";
import { placedSteps } from "#/agents/definition/plan/placed-steps.ts";
import { typeOf } from "#/agents/steps/table.ts";
import { findPrice, type PriceList } from "#/agents/definition/check/model-prices.ts";

/** The model of steps that name none, and what models cost today. */
export interface PricedModels extends PriceList {
  readonly standard: string;
}

/** A limit in dollars holds only where every model has a price: what is not known would count as nothing. */
export function priceProblems(definition: Definition, models: PricedModels): Problem[] {
  const ofSteps = placedSteps(definition).flatMap(({ place, step }) =>
    step.type === "agent" && step.until?.maxCostUsd !== undefined
      ? listUnpriced(pointer(...place, "until", "maxCostUsd"), typeOf(step).models?.(step) ?? [], models)
      : [],
  );
  if (definition.limits?.maxCostUsd === undefined) return ofSteps;
  return [...listUnpriced("/limits/maxCostUsd", listAll(definition), models), ...ofSteps];
}

function listUnpriced(path: string, named: readonly (string | undefined)[], models: PricedModels): Problem[] {
  const unpriced = [...new Set(named.map((model) => model ?? models.standard))].filter(
    (model) => findPrice(model, models) === undefined,
  );
  return unpriced.map((model) => ({
    path,
    message: `The price of the model “${model}” is not known, so a limit in dollars cannot be kept. Set its price under Connections, Prices, or use maxTokens.`,
  }));
}

/** The models that a definition asks; undefined stands for the deployment's own. */
function listAll(definition: Definition): readonly (string | undefined)[] {
  switch (definition.kind) {
    case "direct":
      return listModels(definition);
    case "crew":
      return listCrewModels(definition);
    case "graph":
      return placedSteps(definition).flatMap(({ step }) => {
        if (step.type === "crew") return listCrewModels(step);
        const { models } = typeOf(step);
        return models ? models(step) : [];
      });
  }
}

function listCrewModels(crew: CrewBody): readonly (string | undefined)[] {
  const { planning, process, manager } = crew;
  return [
    ...crewAgents(crew).flatMap(({ agent }) => listModels(agent)),
    ...crewAgents(crew).flatMap(({ agent }) => listMemoryModels(agent.memory)),
    ...listMemoryModels(crew.memory),
    ...(process === "hierarchical" && manager === undefined ? [undefined] : []),
    ...(planning === false ? [] : listModels(planning === true ? {} : planning)),
    ...crew.tasks.flatMap(({ guardrail }) => listJudgeModels(guardrail)),
  ];
}
