// How long one run takes while another workspace has a thousand, and how long a hundred runs that one run has started take to come together.
import { startDeployed } from "#/bench/deployed.ts";
import { percentiles, report, timeAll } from "#/bench/percentiles.ts";
import { publish } from "#/tests/support/publish.ts";
import { set } from "#/tests/support/definitions.ts";

const ITEMS = 100;
const GREEDY = 1000;

const chain = {
  format: "cairn/v1",
  name: "chain",
  kind: "graph",
  steps: { a: set(1), b: set(2), c: set(3) },
  edges: [
    { from: "start", to: "a" },
    { from: "a", to: "b" },
    { from: "b", to: "c" },
    { from: "c", to: "end" },
  ],
};
const fanOut = {
  ...chain,
  name: "fan-out",
  steps: {
    each: {
      type: "map",
      items: Array.from({ length: ITEMS }, (_, index) => index),
      parallel: ITEMS,
      do: {
        steps: { plus: set("{{ item + 1 }}") },
        edges: [
          { from: "start", to: "plus" },
          { from: "plus", to: "end" },
        ],
      },
    },
  },
  edges: [
    { from: "start", to: "each" },
    { from: "each", to: "end" },
  ],
};

const deployed = await startDeployed();
const [greedy, modest] = [await deployed.newTenant(), await deployed.newTenant()];
const [greedyWorkflow, modestWorkflow, fanOutWorkflow] = [
  await publish(greedy, chain),
  await publish(modest, chain),
  await publish(modest, fanOut),
];

const one = async (workflowId: string) =>
  deployed.until(modest, await deployed.start(modest, workflowId), "succeeded");
await timeAll(20, 1, () => one(modestWorkflow.workflowId));
report("a run of 3 steps, alone", percentiles(await timeAll(100, 1, () => one(modestWorkflow.workflowId))));
await timeAll(2, 1, () => one(fanOutWorkflow.workflowId));
report(
  `a map of ${ITEMS} runs with its join`,
  percentiles(await timeAll(15, 1, () => one(fanOutWorkflow.workflowId))),
);

const last = await timeAll(
  GREEDY,
  20,
  async () => void (await deployed.start(greedy, greedyWorkflow.workflowId)),
);
const unfinished = async () => {
  const [rows] = await greedy.batch((query) => [
    query
      .selectFrom("agent_sessions")
      .select((eb) => eb.fn.countAll<string>().as("n"))
      .where("finished_at", "is", null),
  ]);
  return Number(rows[0]?.n ?? 0);
};
const left = await unfinished();
const samples: number[] = [];
while ((await unfinished()) > 0 && samples.length < 200)
  samples.push(...(await timeAll(1, 1, () => one(modestWorkflow.workflowId))));
report(
  `the same while another workspace has ${left} of ${last.length} runs waiting (${samples.length} samples)`,
  percentiles(samples),
);
await deployed.stop();
process.exit(0);
