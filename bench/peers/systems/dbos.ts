// DBOS: a workflow of ten steps, started directly in this process.
import { DBOS } from "@dbos-inc/dbos-sdk";
import { offer, STEPS } from "../offer.ts";
import { readVersion } from "../versions.ts";

const chain = DBOS.registerWorkflow(
  async () => {
    let total = 0;
    for (let index = 0; index < STEPS; index += 1) {
      const before = total;
      total = await DBOS.runStep(async () => before + index, { name: `s${index}` });
    }
    return total;
  },
  { name: "chain" },
);

const [, , systemDatabaseUrl = ""] = process.argv;
DBOS.setConfig({
  name: "peers",
  systemDatabaseUrl,
  systemDatabasePoolSize: 50,
  logLevel: "error",
  runAdminServer: false,
});
await DBOS.launch();

async function run(): Promise<void> {
  const handle = await DBOS.startWorkflow(chain)();
  const total = await handle.getResult();
  if (total !== 45) throw new Error(`The total is ${total}.`);
}

offer({ version: readVersion("@dbos-inc/dbos-sdk"), run });
