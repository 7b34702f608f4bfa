import type * as v from "valibot";

type Issue = v.BaseIssue<unknown>;

const many = (issue: Issue, thing: string) => (Array.isArray(issue.input) ? "entries" : thing);
const limit = ({ requirement }: Issue & { readonly requirement?: unknown }) => String(requirement);

/** The words for what a value must be, by the kind of what it is not. Valibot's own words (“Invalid length: Expected <=120 but received 121”) are for programmers. */
const WORDS: Readonly<Record<string, (issue: Issue) => string>> = {
  max_length: (issue) => `must have at most ${limit(issue)} ${many(issue, "characters")}`,
  min_length: (issue) => `must have at least ${limit(issue)} ${many(issue, "characters")}`,
  length: (issue) => `must have ${limit(issue)} ${many(issue, "characters")}`,
  max_entries: (issue) => `must have at most ${limit(issue)} keys`,
  min_entries: (issue) => `must have at least ${limit(issue)} keys`,
  min_value: (issue) => `must be ${limit(issue)} or more`,
  max_value: (issue) => `must be ${limit(issue)} or less`,
  max_size: (issue) => `must have at most ${limit(issue)} bytes`,
  integer: () => "must be a whole number",
  safe_integer: () => "must be a whole number",
  finite: () => "must be a finite number",
  regex: () => "does not have the right form",
  uuid: () => "must be an id, such as 0198c2f4-6f0a-7c3e-9a51-2b7d4e8f9a10",
  url: () => "must be an address with its scheme, such as https://example.com",
  iso_timestamp: () => "must be a moment, such as 2026-01-31T09:00:00Z",
  string: () => "must be text",
  number: () => "must be a number",
  boolean: () => "must be true or false",
  array: () => "must be a list",
  object: () => "must be an object",
  strict_object: () => "must be an object",
  loose_object: () => "must be an object",
  record: () => "must be an object",
  picklist: ({ expected }) => oneOf(expected),
  literal: ({ expected }) => `must be ${expected ?? "something else"}`,
  variant: ({ expected }) => oneOf(expected),
};

/** `("a" | "b")` → must be one of "a", "b" */
function oneOf(expected: string | null): string {
  return `must be one of ${(expected ?? "")
    .replace(/^\(|\)$/g, "")
    .split(" | ")
    .join(", ")}`;
}

/** Returns what is wrong with a value, to be read after its name. An author's own words are kept. */
export function explainIssue(issue: Issue): string {
  const isStandard = issue.message.startsWith("Invalid ");
  return (isStandard ? WORDS[issue.type]?.(issue) : undefined) ?? issue.message;
}

/** Returns what is wrong with a part of a value, to be read after its place. */
export function describeIssue(issue: Issue): string {
  if (issue.type === "strict_object" && issue.expected === "never" && issue.message.startsWith("Invalid key"))
    return "This key is not known here.";
  return issue.received === "undefined" ? "is missing" : explainIssue(issue);
}

/** Returns the JSON pointer to the part of a value that an issue is about. */
export const placeOfIssue = (issue: Issue): string =>
  (issue.path ?? []).map(({ key }) => `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
