import type { Problem } from "#/agents/definition/problem.ts";
import type { Definition } from "#/agents/definition/format/definition.ts";
import { placedSteps } from "#/agents/definition/plan/placed-steps.ts";
import { typeOf } from "#/agents/steps/table.ts";
import { findPrice, type ModelPrices } from "#/agents/definition/check/model-prices.ts";

interface Models {
  readonly standard: string;
  readonly prices: ModelPrices;
}

/** A limit in dollars holds only where every model has a price: what is not known would count as nothing. */
export function priceProblems(definition: Definition, { standard, prices }: Models): Problem[] {
  if (definition.limits?.maxCostUsd === undefined) return [];
  const named = listModels(definition);
  const unpriced = [...new Set(named.map((model) => model ?? standard))].filter(
    (model) => findPrice(model, prices) === undefined,
  );
  return unpriced.map((model) => ({
    path: "/limits/maxCostUsd",
    message: `The price of the model “${model}” is not known, so a limit in dollars cannot be kept. Use maxTokens, or set its price in LLM_PRICES.`,
  }));
}

/** The models that a definition asks; undefined stands for the deployment's own. */
function listModels(definition: Definition): readonly (string | undefined)[] {
  switch (definition.kind) {
    case "direct":
      return [definition.model];
    case "crew":
      return Object.values(definition.agents).map(({ model }) => model);
    case "graph":
      return placedSteps(definition).flatMap(({ step }) => {
        const { model } = typeOf(step);
        return model ? [model(step)] : [];
      });
  }
}
