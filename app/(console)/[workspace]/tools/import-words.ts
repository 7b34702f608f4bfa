import type { FoundTools, ImportTools } from "#/operations/tools/contract.ts";

/** More operations are imported in several goes. */
export const MOST_CHOSEN = 200;

/** The parts of a document that are taken. */
export type ImportedChoice = Required<Pick<ImportTools, "operations" | "remove">>;

/** Says where an operation stands beside the tools that there are; nothing for one that is new. */
export const IMPORT_WORDS: Readonly<Record<FoundTools["tools"][number]["state"], string>> = {
  new: "",
  same: "Imported",
  changed: "Changed",
  taken: "The name is taken",
};

/** Parts the chosen names by what becomes of them. */
export const makeChoice = (found: FoundTools, chosen: ReadonlySet<string>): ImportedChoice => ({
  operations: found.tools.map(({ name }) => name).filter((name) => chosen.has(name)),
  remove: found.missing.filter((name) => chosen.has(name)),
});
