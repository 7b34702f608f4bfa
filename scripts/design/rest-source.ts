import * as v from "valibot";
import type { GuardedFetch } from "#/lib/outbound.ts";
import { type DesignVariable, PullProblem, type VariableSource } from "./variable.ts";

interface RestSource {
  readonly api: string;
  readonly token: string;
  readonly fileKey: string;
}

const Colour = v.object({ r: v.number(), g: v.number(), b: v.number(), a: v.optional(v.number(), 1) });
const Alias = v.object({ type: v.literal("VARIABLE_ALIAS"), id: v.string() });
const Value = v.union([Colour, Alias, v.number(), v.string(), v.boolean()]);
const Answer = v.looseObject({
  meta: v.looseObject({
    variables: v.record(
      v.string(),
      v.looseObject({
        name: v.string(),
        variableCollectionId: v.string(),
        valuesByMode: v.record(v.string(), Value),
      }),
    ),
    variableCollections: v.record(
      v.string(),
      v.looseObject({ modes: v.array(v.looseObject({ modeId: v.string(), name: v.string() })) }),
    ),
  }),
});
type Meta = v.InferOutput<typeof Answer>["meta"];
type Value = v.InferOutput<typeof Value>;

/** Reads the variables of a file, in all their modes, by Figma's REST API. Figma gives them to Enterprise plans only. */
export function restSource(fetch: GuardedFetch, { api, token, fileKey }: RestSource): VariableSource {
  return async () => {
    const { status, body } = await fetch({
      url: `${api}/v1/files/${encodeURIComponent(fileKey)}/variables/local`,
      headers: { "x-figma-token": token },
      staysAtOrigin: true,
    });
    if (status !== 200) throw new PullProblem(explainRefusal(status));
    const read = v.safeParse(v.pipe(v.string(), v.parseJson(), Answer), body);
    if (!read.success) throw new PullProblem("Figma answered something else than variables.");
    return toVariables(read.output.meta);
  };
}

function explainRefusal(status: number): string {
  if (status === 403)
    return "Figma refuses (403): the token lacks the scope file_variables:read, or the plan is not Enterprise. Read by the desktop app instead: --from desktop.";
  return status === 404
    ? "Figma knows no such file, or the token may not see it."
    : `Figma answered ${status}.`;
}

function toVariables({ variables, variableCollections }: Meta): readonly DesignVariable[] {
  return Object.values(variables).flatMap(({ name, variableCollectionId, valuesByMode }) => {
    const modes = variableCollections[variableCollectionId]?.modes ?? [];
    return Object.entries(valuesByMode).flatMap(([modeId, value]) => {
      const text = toText(variables, value, modeId);
      const mode = modes.find((one) => one.modeId === modeId)?.name;
      return text === undefined ? [] : [{ name, value: text, mode }];
    });
  });
}

/** Variables that stand for each other in a circle stand for nothing. */
const LONGEST_CHAIN = 10;

function toText(variables: Meta["variables"], value: Value, modeId: string): string | undefined {
  let found: Value | undefined = value;
  for (let links = 0; links < LONGEST_CHAIN; links += 1) {
    if (found === undefined || typeof found !== "object")
      return found === undefined ? undefined : String(found);
    if ("r" in found) return toHex(found);
    const values: Readonly<Record<string, Value>> = variables[found.id]?.valuesByMode ?? {};
    // What stands in another collection has that one's modes.
    found = values[modeId] ?? Object.values(values)[0];
  }
  return undefined;
}

function toHex({ r, g, b, a }: v.InferOutput<typeof Colour>): string {
  const parts = a < 1 ? [r, g, b, a] : [r, g, b];
  return `#${parts
    .map((part) =>
      Math.round(part * 255)
        .toString(16)
        .padStart(2, "0"),
    )
    .join("")}`;
}
