// npm run test:live: what memory is worth with a real model, which answers, writes down, and judges. LLM_BASE_URL, LLM_API_KEY, LLM_MODEL and EMBEDDING_MODEL say which; HISTORIES how many of the twelve.
import { openLive } from "#/bench/memory/ask-live.ts";
import { HISTORIES, type Kind } from "#/bench/memory/histories.ts";
import { writeLive } from "#/bench/memory/score.ts";
import { keepReport } from "#/bench/report-file.ts";

const { LLM_BASE_URL, LLM_API_KEY, LLM_MODEL, EMBEDDING_MODEL } = process.env;
const HISTORIES_ASKED = Number(process.env["HISTORIES"] ?? 2);

if (!LLM_BASE_URL || !LLM_API_KEY || !LLM_MODEL || !EMBEDDING_MODEL) {
  console.log("No real model is asked: set LLM_BASE_URL, LLM_API_KEY, LLM_MODEL and EMBEDDING_MODEL.");
  process.exit(0);
}

const live = await openLive({
  baseURL: LLM_BASE_URL,
  apiKey: LLM_API_KEY,
  model: LLM_MODEL,
  embeddingModel: EMBEDDING_MODEL,
});
const asked = HISTORIES.slice(0, HISTORIES_ASKED);
for (const history of asked) for (const exchange of history.exchanges) await live.say(history, exchange);
const answers: { name: string; kind: Kind; isRight: boolean; tokens: number }[] = [];
for (const [name, ask] of Object.entries(live.ask))
  for (const history of asked)
    for (const question of history.questions) {
      const { text, tokens } = await ask(history, question);
      answers.push({ name, kind: question.kind, isRight: await live.judge(question, text), tokens });
    }
await live.close();
keepReport({ name: "memory-live", text: `${LLM_MODEL}: ${writeLive(answers)}`, write: false });
