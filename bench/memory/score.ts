import type { Contender } from "#/bench/memory/contenders.ts";
import { HISTORIES, type Kind, KINDS, nameFact } from "#/bench/memory/histories.ts";

/** What a contender told for one question. */
interface Scored {
  readonly kind: Kind;
  /** Everything that the answer needs was told. */
  readonly hasAll: boolean;
  /** Something was told that leads to a wrong answer. */
  readonly misleads: boolean;
  readonly tokens: number;
}

export interface Score {
  readonly name: string;
  readonly answers: readonly Scored[];
}

/** Asks a contender every question. */
export async function score({ name, tell }: Contender): Promise<Score> {
  const answers: Scored[] = [];
  for (const history of HISTORIES)
    for (const question of history.questions) {
      const { facts, tokens } = await tell(history, question);
      const told = new Set(facts);
      const isTold = (fact: string) => told.has(nameFact(history.person, fact));
      answers.push({
        kind: question.kind,
        hasAll: question.needs.every(isTold),
        misleads: question.misleads.some(isTold),
        tokens,
      });
    }
  return { name, answers };
}

/** The part of the questions, of one kind or of all, for which everything needed was told; where there is nothing to tell, for which nothing misled. */
export function rateRight({ answers }: Score, kind?: Kind): number {
  const asked = answers.filter((answer) => kind === undefined || answer.kind === kind);
  return (
    asked.filter((answer) => (answer.kind === "abstention" ? !answer.misleads : answer.hasAll)).length /
    asked.length
  );
}

/** The part of the questions for which something was told that is out of date or somebody else's. */
export const rateMisled = ({ answers }: Score): number =>
  answers.filter(({ misleads }) => misleads).length / answers.length;

/** The mean of the tokens that were told for a question. */
export const meanTokens = ({ answers }: Score): number =>
  answers.reduce((sum, { tokens }) => sum + tokens, 0) / answers.length;

const percent = (rate: number) => `${Math.round(100 * rate)} %`;

/** Writes the scores as a table. */
export function writeScores(scores: readonly Score[]): string {
  const asked = scores[0]?.answers.length ?? 0;
  const rows = scores.map((one) =>
    [
      one.name,
      ...KINDS.map((kind) => percent(rateRight(one, kind))),
      percent(rateRight(one)),
      percent(rateMisled(one)),
      Math.round(meanTokens(one)).toLocaleString("en"),
    ].join(" | "),
  );
  return [
    `${asked} questions over ${HISTORIES.length} histories of half a year. By kind: how often everything that the answer needs was told to the model; where there is nothing to tell (abstention), how often nothing was told that is somebody else's. Misled: how often something out of date or somebody else's was told.`,
    "",
    `| | ${KINDS.join(" | ")} | all | misled | tokens a question |`,
    `|---|${"---:|".repeat(KINDS.length + 3)}`,
    ...rows.map((row) => `| ${row} |`),
  ].join("\n");
}

interface Judged {
  readonly name: string;
  readonly kind: Kind;
  readonly isRight: boolean;
  readonly tokens: number;
}

/** Writes what a judge said of the answers of a real model as a table. */
export function writeLive(answers: readonly Judged[]): string {
  const rate = (judged: readonly Judged[]) =>
    judged.length === 0 ? "" : percent(judged.filter(({ isRight }) => isRight).length / judged.length);
  const rows = [...Map.groupBy(answers, ({ name }) => name)].map(([name, own]) => {
    const tokens = own.reduce((sum, one) => sum + one.tokens, 0) / own.length;
    const kinds = KINDS.map((kind) => rate(own.filter((one) => one.kind === kind)));
    return `| ${[name, ...kinds, rate(own), Math.round(tokens).toLocaleString("en")].join(" | ")} |`;
  });
  return [
    "right answers by kind, and the mean of the tokens of a question with its answer.",
    "",
    `| | ${KINDS.join(" | ")} | all | tokens |`,
    `|---|${"---:|".repeat(KINDS.length + 2)}`,
    ...rows,
  ].join("\n");
}
