import { randomUUID } from "node:crypto";
import { countTokens } from "#/agents/memory/choose-facts.ts";
import type { MemoryPlace, MemoryPort } from "#/agents/memory/memory-ports.ts";
import { HISTORIES, type History, nameFact, type Question } from "#/bench/memory/histories.ts";
import type { TestEngine } from "#/tests/support/engine.ts";

/** The text that a model is given besides the question, and the names of the facts in it. */
interface Told {
  readonly facts: readonly string[];
  readonly tokens: number;
}

export interface Contender {
  readonly name: string;
  readonly tell: (history: History, question: Question) => Promise<Told>;
}

const { signal } = new AbortController();
const RECALL = { most: 8, tokens: 1000 };
const DAY_MS = 86_400_000;

/** What the question's text costs is the same for all, so it is not counted. */
export async function listContenders(engine: TestEngine, memory: MemoryPort): Promise<readonly Contender[]> {
  const owner = randomUUID();
  const byPerson = (history: History): MemoryPlace => ({ scope: "workflow", owner, subject: history.person });
  const together = (): MemoryPlace => ({ scope: "workflow", owner, subject: "" });
  return [
    { name: "no memory", tell: async () => ({ facts: [], tokens: 0 }) },
    { name: "whole history of everybody", tell: async () => tellWhole(HISTORIES) },
    { name: "whole history of the person", tell: async (history) => tellWhole([history]) },
    await fill({ engine, memory }, "memory without a key", together),
    await fill({ engine, memory }, "memory with a key", byPerson),
  ];
}

/** Everything that was said, with what is out of date. */
function tellWhole(histories: readonly History[]): Told {
  const said = histories.flatMap(({ person, exchanges }) =>
    exchanges.map(({ asked, answered, fact }) => ({
      tokens: countTokens(`${asked}\n${answered}`),
      facts: fact ? [nameFact(person, fact.name)] : [],
    })),
  );
  return {
    facts: said.flatMap(({ facts }) => facts),
    tokens: said.reduce((sum, { tokens }) => sum + tokens, 0),
  };
}

interface World {
  readonly engine: TestEngine;
  readonly memory: MemoryPort;
}

/** Notes every fact in its place, as a model that misses nothing would, on the day on which it was said. */
async function fill(
  { engine, memory }: World,
  name: string,
  findPlace: (history: History) => MemoryPlace,
): Promise<Contender> {
  const names = new Map<string, string>();
  for (const history of HISTORIES) {
    const ids = new Map<string, string>();
    const last = history.exchanges.at(-1)?.day ?? 0;
    for (const { day, fact } of history.exchanges) {
      if (!fact) continue;
      const { text, importance } = fact;
      const replaces = [ids.get(fact.replaces ?? "") ?? []].flat();
      const facts = [{ text, importance, replaces }];
      const [saved] = await memory.save(
        findPlace(history),
        { facts, runId: null, step: history.person },
        signal,
      );
      if (!saved) throw new Error(`“${text}” was not kept.`);
      ids.set(fact.name, saved.id);
      names.set(saved.id, nameFact(history.person, fact.name));
      const at = new Date(Date.now() - (last - day) * DAY_MS).toISOString();
      await engine.owner(`update memories set valid_from = '${at}' where id = '${saved.id}'`);
    }
  }
  return {
    name,
    tell: async (history, { asked }) => {
      const recalled = await memory.recall(findPlace(history), { query: asked, ...RECALL }, signal);
      return {
        facts: recalled.map(({ id }) => names.get(id) ?? id),
        tokens: recalled.reduce((sum, { text }) => sum + countTokens(text), 0),
      };
    },
  };
}
