import {
  type Arbitrary,
  array,
  assert,
  asyncProperty,
  constantFrom,
  integer,
  oneof,
  record,
  subarray,
  tuple,
} from "fast-check";
import { describe, expect, test } from "vitest";
import { validateDefinition } from "#/agents/definition/check/validate.ts";
import type { GraphDefinition } from "#/agents/definition/format/definition.ts";
import { modelGraph } from "#/tests/support/graph-model.ts";
import { runInMemory } from "#/tests/support/run-in-memory.ts";

type Fields = Readonly<Record<string, unknown>>;
const HEAD = { format: "cairn/v1", name: "Joins", kind: "graph", limits: { maxSteps: 80 } };
const MOST = 60;

/** Counts how often it has run. */
const counts = (id: string): Fields => ({
  type: "set",
  values: { n: `{{ state.${id} == null ? 1 : state.${id}.n + 1 }}` },
});
const breaks = (goto: string): Fields => ({ type: "set", values: { n: "{{ [1][5] }}" }, onError: { goto } });

function parsed(document: Fields): GraphDefinition | undefined {
  const checked = validateDefinition(document, { tools: [] });
  return checked.ok && checked.definition.kind === "graph" ? checked.definition : undefined;
}

async function supersteps(definition: GraphDefinition): Promise<readonly (readonly string[])[]> {
  const { logs, settlement } = await runInMemory(definition, {});
  if (settlement?.status !== "succeeded") throw new Error(JSON.stringify(settlement));
  const length = Math.max(0, ...logs.map(({ superstep }) => superstep + 1));
  return Array.from({ length }, (_, index) =>
    logs
      .filter(({ superstep }) => superstep === index)
      .map(({ step }) => step)
      .toSorted(),
  );
}

const IDS = ["a", "b", "c", "d", "e", "f", "g"] as const;

/** Any graph of counting and breaking steps, with as many joins of every kind as fit. */
const graphs: Arbitrary<Fields> = integer({ min: 3, max: IDS.length }).chain((size) => {
  const ids = IDS.slice(0, size);
  const anywhere = constantFrom(...ids, "end");
  const later = (index: number) => constantFrom(...ids.slice(index + 1), "end");
  const loop = (from: string) =>
    record({
      from: constantFrom(from),
      when: tuple(
        record({
          if: integer({ min: 1, max: 3 }).map((most) =>
            from === "start" ? `0 < ${most - 1}` : `state.${from}.n < ${most}`,
          ),
          to: from === "start" ? constantFrom(...ids) : anywhere,
        }),
      ),
      else: anywhere,
    });
  const plain = (from: string, to: Arbitrary<string>) => record({ from: constantFrom(from), to });
  const reaching = tuple(
    ...ids.map((id, index) =>
      constantFrom("start", ...ids.slice(0, index)).chain((from) =>
        oneof({ weight: 4, arbitrary: plain(from, constantFrom(id)) }, { weight: 1, arbitrary: loop(from) }),
      ),
    ),
  );
  const join = record({
    from: subarray([...ids], { minLength: 2, maxLength: 3 }),
    to: anywhere,
    join: constantFrom("active", "active", "active", "each", "all"),
  });
  const others = array(
    oneof(
      { weight: 3, arbitrary: join },
      {
        weight: 1,
        arbitrary: constantFrom(...ids.entries()).chain(([index, id]) => plain(id, later(index))),
      },
    ),
    { minLength: 1, maxLength: 4 },
  );
  const steps = tuple(
    ...ids.map((id) =>
      oneof(
        { weight: 6, arbitrary: constantFrom(counts(id)) },
        { weight: 1, arbitrary: anywhere.map(breaks) },
      ),
    ),
  ).map((all) => Object.fromEntries(ids.map((id, index) => [id, all[index]])));
  return record({ steps, reaching, others }).map((parts) =>
    Object.assign({}, HEAD, { steps: parts.steps, edges: [...parts.reaching, ...parts.others] }),
  );
});

const breaking = (definition: GraphDefinition) =>
  new Set(
    Object.entries(definition.steps).flatMap(([id, { onError }]) => (onError === undefined ? [] : [id])),
  );
/** A step that breaks has no count to look at. */
const isReadable = (definition: GraphDefinition) =>
  definition.edges.every((edge) => "to" in edge || !breaking(definition).has(edge.from));

describe("graphs with joins", () => {
  test("do superstep by superstep what the model of them does", { timeout: 120_000 }, async () => {
    let compared = 0;
    await assert(
      asyncProperty(graphs, async (document) => {
        const definition = parsed(document);
        if (!definition || !isReadable(definition)) return;
        const model = modelGraph(definition, breaking(definition), MOST);
        if (!model.ended) return;
        const modelled = model.supersteps.slice(
          0,
          model.supersteps.findLastIndex((steps) => steps.length > 0) + 1,
        );
        expect(await supersteps(definition)).toEqual(modelled);
        compared += 1;
      }),
      { numRuns: 1500 },
    );
    expect(compared).toBeGreaterThan(150);
  });
});
