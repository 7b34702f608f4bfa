import type { Contender } from "./contenders.ts";
import type { Counters } from "./counters.ts";
import { type Measurement, type Outcome, countSteps } from "./measure.ts";
import { STEPS } from "./offer.ts";

/** All repetitions of one system. */
export interface Result {
  readonly contender: Contender;
  readonly outcomes: readonly Outcome[];
}

const HEAD = [
  "system",
  "at once",
  "runs/s",
  "steps/s (all repetitions)",
  "ms per step p50",
  "p95",
  "statements",
  "commits",
  "WAL bytes",
  "CPU ms Node",
  "PostgreSQL",
  "stand-ins",
  "others' CPU",
];

/** The table and the list of systems behind it, as Markdown. Figures from `statements` on are per step. */
export function writeTable(results: readonly Result[]): string {
  const rows = results.flatMap(listRows);
  const table = [HEAD, HEAD.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
  return `${table}\n\n${results.map(writeFootnote).join("\n")}\n`;
}

function listRows({ contender, outcomes }: Result): readonly (readonly string[])[] {
  const measurements = outcomes.flatMap((outcome) =>
    outcome.kind === "measured" ? outcome.measurements : [],
  );
  const loads = [...new Set(measurements.map(({ callers }) => callers))];
  if (loads.length === 0)
    return [[contender.name, "could not run, see below", ...HEAD.slice(2).map(() => "–")]];
  return loads.map((callers) =>
    row(
      contender.name,
      measurements.filter((measurement) => measurement.callers === callers),
    ),
  );
}

function row(name: string, repetitions: readonly Measurement[]): readonly string[] {
  const rates = repetitions.map((one) => (countSteps(one) * 1000) / one.wallMs).toSorted((a, b) => a - b);
  const stepsMs = repetitions
    .flatMap(({ runsMs }) => runsMs.map((ms) => ms / STEPS))
    .toSorted((a, b) => a - b);
  const perStep = (counter: keyof Counters) =>
    median(repetitions.map((one) => one.done[counter] / countSteps(one)));
  return [
    name,
    String(repetitions[0]?.callers),
    figure(median(rates) / STEPS),
    `${figure(median(rates))} (${rates.map(figure).join(", ")})`,
    figure(quantile(stepsMs, 0.5)),
    figure(quantile(stepsMs, 0.95)),
    figure(perStep("statements")),
    figure(perStep("commits")),
    perStep("walBytes").toFixed(0),
    figure(perStep("nodeMs")),
    figure(perStep("postgresMs")),
    figure(perStep("standInMs")),
    figure(Math.max(...repetitions.map(({ othersShare }) => othersShare))),
  ];
}

function writeFootnote({ contender, outcomes }: Result): string {
  const versions = new Set(
    outcomes.map((outcome) =>
      outcome.kind === "measured" ? outcome.version : `could not run: ${outcome.reason}`,
    ),
  );
  return `- ${contender.name}: ${[...versions].join("; ")}`;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle)] ?? Number.NaN)) / 2;
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Three digits that count. */
function figure(value: number): string {
  if (!Number.isFinite(value)) return "–";
  if (value >= 100) return value.toFixed(0);
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
