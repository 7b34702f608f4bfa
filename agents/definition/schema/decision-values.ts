import { type CheckedInput, checkInput, withDefaults } from "#/agents/definition/schema/input.ts";
import { pointer, type Problem } from "#/agents/definition/problem.ts";
import { findMisfits } from "#/agents/definition/schema/fit.ts";
import { valuesRule } from "#/agents/definition/schema/decision-rule.ts";
import { isJsonObject, type JsonObject } from "#/lib/json-object.ts";

/** The question that a decision answers: its actions, and the form of its values. */
interface Question {
  readonly actions: readonly string[];
  readonly form: JsonObject | null;
}

interface Answer {
  readonly action: string;
  readonly values?: unknown;
}

const refusal = (message: string): CheckedInput => ({ ok: false, problems: [{ path: "", message }] });

/** Checks the values of a decision, with the form's defaults filled in. What would be ignored is refused, so that nothing a person has written is lost without a word. */
export function checkDecision(question: Question, { action, values }: Answer): CheckedInput {
  const { form, actions } = question;
  const given = values ?? {};
  if (!isJsonObject(given)) return refusal("The values must be a JSON object.");
  const rule = form === null ? "none" : valuesRule(actions, action);
  if (form === null || rule === "none")
    return Object.keys(given).length === 0
      ? { ok: true, input: {} }
      : refusal(refusalOfValues(question, action));
  const unknown = unknownFields(form, given);
  if (unknown.length > 0) return { ok: false, problems: unknown };
  if (rule === "welcome") return checkGiven({ ...form, required: [] }, given);
  return action === "edit" ? checkEdit(form, given) : checkInput(form, given);
}

/** The values of a decision that nobody has made: the defaults of the form, where the action takes values. */
export function unansweredValues({ form, actions }: Question, action: string): JsonObject {
  return form !== null && valuesRule(actions, action) === "needed" ? withDefaults(form, {}) : {};
}

function refusalOfValues({ form, actions }: Question, action: string): string {
  if (form === null) return "This approval has no form, so it takes no values.";
  return `“${action}” takes no values. Choose “edit” to change them, or leave them out. The actions are ${actions.join(", ")}.`;
}

/** An edit brings what it changes along: the form's defaults are the text before it, and do not stand in for it. */
function checkEdit(form: JsonObject, given: JsonObject): CheckedInput {
  if (Object.keys(given).length === 0)
    return refusal(`“edit” needs the changed values: ${fieldNames(form).join(", ")}.`);
  const checked = checkGiven(form, given);
  return checked.ok ? { ok: true, input: withDefaults(form, given) } : checked;
}

function checkGiven(form: JsonObject, given: JsonObject): CheckedInput {
  const problems = findMisfits(form, given);
  return problems.length === 0 ? { ok: true, input: given } : { ok: false, problems };
}

/** Keywords by which a form says more of its fields than `properties` does. */
const OPENING = [
  "additionalProperties",
  "patternProperties",
  "unevaluatedProperties",
  "allOf",
  "anyOf",
  "oneOf",
  "if",
  "$ref",
];

const fieldNames = ({ properties }: JsonObject): readonly string[] =>
  isJsonObject(properties) ? Object.keys(properties) : [];

/** Names that the form does not have. A form that says itself what else it takes is left to its own rules. */
function unknownFields(form: JsonObject, given: JsonObject): readonly Problem[] {
  const names = fieldNames(form);
  if (names.length === 0 || OPENING.some((keyword) => keyword in form)) return [];
  return Object.keys(given)
    .filter((name) => !names.includes(name))
    .map((name) => ({
      path: pointer(name),
      message: `is not a field of this form. Its fields: ${names.join(", ")}.`,
    }));
}
