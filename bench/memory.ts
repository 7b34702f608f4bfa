// What memory is worth: questions over long histories, by kind, against no memory and the whole history. Nothing of it depends on a model: `npm run test:live` asks one.
import { listContenders } from "#/bench/memory/contenders.ts";
import { score, writeScores } from "#/bench/memory/score.ts";
import { keepReport } from "#/bench/report-file.ts";
import { openEngine } from "#/tests/support/engine.ts";
import { memoryOn } from "#/tests/support/memory.ts";

const engine = await openEngine();
const scores = [];
for (const contender of await listContenders(engine, memoryOn(engine.tenant)))
  scores.push(await score(contender));
keepReport({ name: "memory", text: writeScores(scores), write: process.argv.includes("--write") });
await engine.close();
