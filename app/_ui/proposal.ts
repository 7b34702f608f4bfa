import { isJsonObject, type JsonObject } from "#/lib/json-object.ts";

/** The proposal of a tool call, with a field for each argument, and the values of a decision as its question takes them. */
export interface Proposal {
  readonly form: JsonObject | null;
  /** Each argument has a field of its own. */
  readonly isOpened: boolean;
  readonly toValues: (values: JsonObject) => JsonObject;
}

const ARGUMENTS = "arguments";

/** Opens the one field that holds a tool's arguments: each of them can be seen and changed by itself. Other forms stay as they are. */
export function openProposal(form: JsonObject | null): Proposal {
  const opened = readArguments(form);
  if (!opened) return { form, isOpened: false, toValues: (values) => values };
  const { schema, properties, proposed } = opened;
  const fields = Object.entries(properties).map(
    ([name, given]) => [name, withDefault(given, proposed[name])] as const,
  );
  // What the schema does not name cannot be changed here, and goes along.
  const beyond = Object.entries(proposed).filter(([name]) => !(name in properties));
  return {
    form: { ...schema, properties: Object.fromEntries(fields) },
    isOpened: true,
    toValues: (values) => ({ [ARGUMENTS]: { ...Object.fromEntries(beyond), ...values } }),
  };
}

function readArguments(form: JsonObject | null) {
  const all = isJsonObject(form?.["properties"]) ? form["properties"] : {};
  const schema = all[ARGUMENTS];
  if (Object.keys(all).length !== 1 || !isJsonObject(schema)) return undefined;
  const { properties, default: proposed } = schema;
  if (!isJsonObject(properties) || !isJsonObject(proposed)) return undefined;
  return Object.keys(properties).length === 0 ? undefined : { schema, properties, proposed };
}

function withDefault(property: unknown, proposed: unknown): unknown {
  const { default: _own, ...rest } = isJsonObject(property) ? property : {};
  return proposed === undefined ? rest : { ...rest, default: proposed };
}
