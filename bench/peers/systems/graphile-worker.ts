// The floor of a queue in PostgreSQL: a job does one step, puts its successor into the queue with the state, and is done.
import { randomUUID } from "node:crypto";
import { Logger, makeWorkerUtils, run as runWorker } from "graphile-worker";
import { Ends } from "../ends.ts";
import { offer, STEPS } from "../offer.ts";
import { readVersion } from "../versions.ts";

interface Payload {
  readonly run: string;
  readonly step: number;
  readonly total: number;
}

const ends = new Ends<number>();
const logger = new Logger(() => () => undefined);
const [, , connectionString = ""] = process.argv;
const utils = await makeWorkerUtils({ connectionString, logger, maxPoolSize: 20 });
await utils.migrate();
await runWorker({
  connectionString,
  logger,
  concurrency: 50,
  maxPoolSize: 60,
  pollInterval: 1000,
  noHandleSignals: true,
  taskList: {
    step: async (payload, { addJob }) => {
      const { run: id, step, total } = payload as Payload;
      const next = { run: id, step: step + 1, total: total + step };
      if (next.step < STEPS) await addJob("step", next);
      else ends.tell(id, next.total);
    },
  },
});

async function run(): Promise<void> {
  const id = randomUUID();
  await utils.addJob("step", { run: id, step: 0, total: 0 });
  const total = await ends.of(id);
  if (total !== 45) throw new Error(`The total is ${total}.`);
}

offer({ version: readVersion("graphile-worker"), run });
