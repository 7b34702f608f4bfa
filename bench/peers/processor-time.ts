import { readdirSync, readFileSync } from "node:fs";
import os from "node:os";

/** Processor time of a machine at one moment, by process. Linux only: elsewhere it knows nothing, and every figure is NaN. */
export interface ProcessorTime {
  /** Milliseconds of a process, of those that it has started, and so on. */
  readonly ofTree: (pid: number) => number;
  /** Milliseconds that all processors of the machine have worked since it started. */
  readonly ofMachine: number;
}

/** The kernel counts in hundredths of a second. */
const TICK_MS = 10;

interface Entry {
  readonly parent: number;
  readonly ms: number;
}

export function readProcessorTime(): ProcessorTime {
  const entries = readEntries();
  const ofTree = (pid: number): number => {
    const own = entries.get(pid)?.ms ?? Number.NaN;
    return [...entries]
      .filter(([, { parent }]) => parent === pid)
      .reduce((sum, [child]) => sum + ofTree(child), own);
  };
  // The kernel's own figure, unlike a sum over processes, keeps those that have ended.
  const ofMachine = os
    .cpus()
    .reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0);
  return { ofTree, ofMachine };
}

function readEntries(): ReadonlyMap<number, Entry> {
  if (process.platform !== "linux") return new Map();
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return new Map(
    pids.flatMap((pid) => {
      const entry = readEntry(pid);
      return entry ? [[Number(pid), entry] as const] : [];
    }),
  );
}

function readEntry(pid: string): Entry | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name stands in parentheses and may hold anything; behind it come state and parent.
    const fields = text
      .slice(text.lastIndexOf(")") + 2)
      .split(" ")
      .map(Number);
    const [user = 0, system = 0, endedUser = 0, endedSystem = 0] = fields.slice(11, 15);
    return { parent: fields[1] ?? 0, ms: (user + system + endedUser + endedSystem) * TICK_MS };
  } catch {
    // It has ended since we listed it.
    return undefined;
  }
}
