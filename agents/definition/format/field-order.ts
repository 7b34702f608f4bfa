import type { Definition } from "#/agents/definition/format/definition.ts";
import type { Step } from "#/agents/steps/table.ts";
import { isJsonObject, type JsonObject } from "#/lib/json-object.ts";

/**
 * Notes in the schemas that people fill in, as `x-order`, in which order their properties were written: the database keeps an object's keys in an
 * order of its own, and a form asks in the author's.
 */
export function withFieldOrder(definition: Definition): Definition {
  const input = definition.input && { input: ordered(definition.input) };
  if (definition.kind !== "graph") return { ...definition, ...input };
  return { ...definition, ...input, steps: each(definition.steps, orderedStep) };
}

function orderedStep(step: Step): Step {
  if (step.type !== "map" || !("steps" in step.do)) return withOrderedForm(step);
  return { ...step, do: { ...step.do, steps: each(step.do.steps, withOrderedForm) } };
}

function withOrderedForm<Any extends object>(step: Any): Any {
  return "form" in step && isJsonObject(step.form) ? { ...step, form: ordered(step.form) } : step;
}

function each<Any>(steps: Readonly<Record<string, Any>>, change: (step: Any) => Any): Record<string, Any> {
  return Object.fromEntries(Object.entries(steps).map(([id, step]) => [id, change(step)]));
}

function ordered(schema: JsonObject): Record<string, unknown> {
  const { properties } = schema;
  return isJsonObject(properties) ? { "x-order": Object.keys(properties), ...schema } : schema;
}
