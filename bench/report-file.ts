import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

const RESULTS = path.join(import.meta.dirname, "results");
const DOCUMENT = path.join(import.meta.dirname, "../docs/benchmarks.md");

/** Prints a report, keeps it in bench/results, and puts it between its markers in docs/benchmarks.md where that is asked for. */
export function keepReport({
  name,
  text,
  write,
}: {
  readonly name: string;
  readonly text: string;
  readonly write: boolean;
}): void {
  console.log(`\n${text}`);
  mkdirSync(RESULTS, { recursive: true });
  writeFileSync(
    path.join(RESULTS, `${name}-${new Date().toISOString().slice(0, 19).replaceAll(":", "")}.md`),
    text,
  );
  if (write) writeFileSync(DOCUMENT, betweenMarkers(readFileSync(DOCUMENT, "utf8"), name, text));
}

function betweenMarkers(document: string, name: string, text: string): string {
  const [begin, end] = [`<!-- ${name}: begin -->`, `<!-- ${name}: end -->`];
  const [from, to] = [document.indexOf(begin), document.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/benchmarks.md has no ${begin} … ${end} to write between.`);
  return `${document.slice(0, from + begin.length)}\n${text.trim()}\n${document.slice(to)}`;
}
