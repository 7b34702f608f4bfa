import { readdirSync, readFileSync } from "node:fs";
import { readProcessorTime } from "#/bench/peers/processor-time.ts";

/** What the processes of `npm start` are called in a report, by a word of their command line. */
const NAMES: readonly (readonly [word: string, name: string])[] = [
  ["next", "Next"],
  ["local/web.ts", "Next"],
  ["service.ts neon", "database"],
  ["service.ts redis", "KV"],
  ["service.ts qstash", "queue"],
];

/** Milliseconds of processor time so far. */
export interface ProductTime {
  readonly byName: Readonly<Record<string, number>>;
  readonly ofMachine: number;
}

export const PROCESS_NAMES = [...new Set(NAMES.map(([, name]) => name)), "others"];

/** @param supervisor the process of `npm start` */
export function readProductTime(supervisor: number): ProductTime {
  const { ofTree, ofMachine } = readProcessorTime();
  const byName: Record<string, number> = Object.fromEntries(PROCESS_NAMES.map((name) => [name, 0]));
  for (const pid of listChildren(supervisor)) {
    const command = readCommand(pid);
    const name = NAMES.find(([word]) => command.includes(word))?.[1] ?? "others";
    byName[name] = (byName[name] ?? 0) + ofTree(pid);
  }
  return { byName, ofMachine };
}

function listChildren(parent: number): readonly number[] {
  const tasks = readdirSync(`/proc/${parent}/task`);
  return tasks.flatMap((task) =>
    readFileSync(`/proc/${parent}/task/${task}/children`, "utf8").split(" ").filter(Boolean).map(Number),
  );
}

function readCommand(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return "";
  }
}
