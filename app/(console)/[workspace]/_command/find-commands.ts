import { type Role, roleAllows } from "#/lib/auth/permissions.ts";
import type { Command } from "./command.ts";
import { type Fit, fitWords, splitWords } from "./fit-words.ts";

/** The aim of a search: everything, or with a sign before it things or commands only. */
export interface Wanted {
  readonly among: "all" | "commands" | "things";
  readonly text: string;
}

const SIGNS: Readonly<Record<string, Wanted["among"]>> = { ">": "commands", "@": "things" };

/** Reads what is written in the bar. */
export function readWanted(typed: string): Wanted {
  const text = typed.trim();
  const among = SIGNS[text.charAt(0)];
  return among ? { among, text: text.slice(1).trim() } : { among: "all", text };
}

/** Commands that stand under one heading. */
export interface Source {
  readonly name: string;
  readonly kind: "commands" | "things";
  readonly commands: readonly Command[];
  /** Shown only when something is looked for: there are too many. */
  readonly whenAsked?: true;
}

export type FoundCommand = Command & Fit;

export interface FoundGroup {
  readonly name: string;
  readonly commands: readonly FoundCommand[];
}

/** Whoever has not found it among so many writes another word. */
const MOST = 8;

/** Finds what fits, the best of a source first; what fits alike keeps its order. */
function rank(commands: readonly Command[], text: string): readonly FoundCommand[] {
  const words = splitWords(text);
  const found = commands.flatMap((command): readonly FoundCommand[] => {
    const fit = fitWords(command.label, words, command.words);
    return fit ? [{ ...command, ...fit }] : [];
  });
  return words.length === 0 ? found : found.toSorted((a, b) => b.score - a.score).slice(0, MOST);
}

/**
 * Finds the commands that fit what is looked for, among those that a person of this role may do. The heading with the best of them stands first; when
 * nothing is looked for, headings stand in the order of the sources.
 */
export function findCommands(
  sources: readonly Source[],
  { among, text }: Wanted,
  role: Role,
): readonly FoundGroup[] {
  const isAllowed = ({ needs }: Command) => needs === undefined || roleAllows(role, needs);
  const groups = sources
    .filter(({ kind, whenAsked }) => (among === "all" || kind === among) && (text !== "" || !whenAsked))
    .map(({ name, commands }) => ({ name, commands: rank(commands.filter(isAllowed), text) }))
    .filter(({ commands }) => commands.length > 0);
  const best = ({ commands }: FoundGroup) => commands[0]?.score ?? 0;
  return text === "" ? groups : groups.toSorted((a, b) => best(b) - best(a));
}
