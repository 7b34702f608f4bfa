import { useTheme } from "next-themes";
import { Keyboard, LogOut, SunMoon } from "#/app/_ui/icons.tsx";
import { useSignOut } from "#/app/_ui/identity-session.ts";
import { SYSTEM_THEME, THEME_NAMES, THEMES } from "#/app/_ui/themes.ts";
import { useWorkspace, useWorkspacePath } from "../_shell/workspace-context.tsx";
import type { Command } from "./command.ts";
import { listDeeds, listPlaces } from "./console-commands.ts";
import {
  findCommands,
  type FoundCommand,
  type FoundGroup,
  readWanted,
  type Source,
  type Wanted,
} from "./find-commands.ts";
import {
  FEWEST_LETTERS,
  type Reading,
  tryAgain,
  useDocumentThings,
  useFoundRuns,
  useQuestions,
  useWorkflowThings,
} from "./use-things.ts";

const OFFERED_THEMES = [...THEMES, SYSTEM_THEME] as const;

/** Changes of this browser and this session. */
function useOwnDeeds(onHelp: () => void): readonly Command[] {
  const { theme, setTheme } = useTheme();
  const signOut = useSignOut();
  const themes = OFFERED_THEMES.map((name): Command => ({
    id: `theme:${name}`,
    label: `Theme: ${THEME_NAMES[name].toLowerCase()}`,
    picture: SunMoon,
    words: "use switch colors mode appearance",
    note: theme === name ? "chosen now" : "",
    act: () => setTheme(name),
  }));
  return [
    ...themes,
    {
      id: "help",
      label: "Keyboard shortcuts",
      picture: Keyboard,
      words: "keys help",
      shortcut: "help",
      act: onHelp,
    },
    { id: "sign-out", label: "Sign out", picture: LogOut, words: "log out leave account", act: signOut },
  ];
}

/** The lines of the bar for the words in it. */
export interface Found {
  readonly groups: readonly FoundGroup[];
  /** Words about the search itself; undefined where the lines say it all. */
  readonly state: string | undefined;
}

interface Asked {
  readonly typed: string;
  /** The commands of the page at hand. */
  readonly offered: readonly Command[];
  readonly onHelp: () => void;
}

/** Finds what is written, among the commands of the page, of the console, and the things of the workspace. */
export function useGroups({ typed, offered, onHelp }: Asked): Found {
  const { role } = useWorkspace();
  const path = useWorkspacePath();
  const wanted = readWanted(typed);
  const questions = useQuestions();
  const workflows = useWorkflowThings(wanted.text);
  const sought = wanted.among === "commands" ? "" : wanted.text;
  const documents = useDocumentThings(sought);
  const runs = useFoundRuns(sought);
  const deeds = [...listDeeds(path), ...useOwnDeeds(onHelp)];
  const sources: readonly Source[] = [
    { name: "On this page", kind: "commands", commands: offered },
    { name: "Needs you", kind: "things", commands: questions.commands },
    { name: "Workflows", kind: "things", commands: workflows.goTo.commands, whenAsked: true },
    { name: "Do", kind: "commands", commands: deeds },
    { name: "Start a run", kind: "commands", commands: workflows.start, whenAsked: true },
    { name: "Go to", kind: "commands", commands: listPlaces(path) },
    { name: "Documents", kind: "things", commands: documents.commands, whenAsked: true },
  ];
  const readings: Readonly<Record<string, Reading>> =
    wanted.text === "" || wanted.among === "commands"
      ? {}
      : { questions, workflows: workflows.goTo, documents, runs };
  const again = Object.entries(readings).flatMap(([what, reading]) => tryAgain(what, reading));
  const groups = [
    ...findCommands(sources, wanted, role),
    // The server has found these, by words that need not be in what is shown of them.
    group("Runs", runs.commands),
    group("Not found out", again),
  ].filter(({ commands }) => commands.length > 0);
  return { groups, state: tellState(wanted, groups, Object.values(readings)) };
}

const group = (name: string, commands: readonly Command[]): FoundGroup => ({
  name,
  commands: commands.map((command): FoundCommand => ({ ...command, score: 0, marks: [] })),
});

const tellRuns = (text: string) => (text.length < FEWEST_LETTERS ? "" : ", and no run has such words");

const NOTHING: Readonly<Record<Wanted["among"], (text: string) => string>> = {
  all: (text) => `Nothing here is called “${text}”${tellRuns(text)}.`,
  things: (text) => `No workflow, document or question is called “${text}”${tellRuns(text)}.`,
  commands: (text) => `No command is called “${text}”.`,
};

function tellState(
  { among, text }: Wanted,
  groups: readonly FoundGroup[],
  readings: readonly Reading[],
): string | undefined {
  if (readings.some(({ isPending }) => isPending)) return "Searching…";
  if (groups.length > 0) return undefined;
  return text === "" ? "Write what you look for." : NOTHING[among](text);
}
