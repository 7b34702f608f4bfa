import { createRequire } from "node:module";
import winkNLP, { type ItemToken, type WinkMethods } from "wink-nlp";
import type english from "wink-eng-lite-web-model";

/* oxlint-disable typescript/unbound-method -- wink recognizes its readers (`its.type`, …) by identity; they use no `this`. */
const require = createRequire(import.meta.url);
let loaded: WinkMethods | undefined;

/** Reading the model of the language takes 0.4 CPU seconds, which a start does not wait for. */
function language(): WinkMethods {
  if (loaded) return loaded;
  const model: typeof english = require("wink-eng-lite-web-model");
  loaded = winkNLP(model);
  return loaded;
}

/** Words that prompts are made of and no document is about: they say nothing on whether a sentence answers. */
const INSTRUCTION_WORDS =
  "answer answers base brief briefly cite cited citation citations compile compose concise context criteria current describe detail details document documentation documents draft each email every explain fact facts find following give important information key knowledge list look main make material notes overview passage passages please point points prepare produce provide publish question questions quote quoted report research result search say says short source sources state summarise summarize summary task tell text tool tools topic use using workspace write writing";

// @ts-expect-error wink declares `stem` with one parameter less than the readers that `out` takes; it works as documented.
const stem = (token: ItemToken): string => token.out(language().its.stem);
let instructionStems: ReadonlySet<string> | undefined;

function stems(text: string): string[] {
  const found: string[] = [];
  const { its, readDoc } = language();
  readDoc(text)
    .tokens()
    .filter((token) => token.out(its.type) !== "punctuation" && !token.out(its.stopWordFlag))
    .each((token: ItemToken) => found.push(stem(token)));
  return found;
}

/** The words that carry meaning, stemmed; "European Union" also as "eu". */
export function listTerms(text: string): readonly string[] {
  return [...stems(text), ...acronyms(text)];
}

/** The terms a question is about, once each and without the words of the instruction around it. */
export function listTopicTerms(question: string): readonly string[] {
  const ofInstructions = (instructionStems ??= new Set(stems(INSTRUCTION_WORDS)));
  return [...new Set(stems(question))].filter((term) => !ofInstructions.has(term));
}

export function splitSentences(text: string): readonly string[] {
  return language()
    .readDoc(text.replace(/\s+/g, " "))
    .sentences()
    .out()
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== "");
}

const BULLET = /^\s*(?:[-*>•]|\d+[.)])\s+/;
const MARKED_HEADING = /^\s*#+\s/;
const LONGEST_HEADING = 80;

type LineKind = "blank" | "heading" | "bullet" | "text";

/** The running text of a document, block by block: wrapped lines joined, bullets apart, headings left out. */
export function splitBlocks(text: string): readonly string[] {
  const blocks: string[] = [];
  let before: LineKind | undefined;
  const lines = text.split("\n");
  for (const [place, line] of lines.entries()) {
    const kind: LineKind = lineKind(line, before, lines[place + 1]);
    const goesOn = kind === "text" && (before === "text" || before === "bullet");
    if (goesOn) blocks.push(`${blocks.pop() ?? ""} ${line.trim()}`);
    else if (kind === "text" || kind === "bullet") blocks.push(line.replace(BULLET, "").trim());
    before = kind;
  }
  return blocks;
}

function lineKind(line: string, before: LineKind | undefined, next: string | undefined): LineKind {
  if (line.trim() === "") return "blank";
  if (MARKED_HEADING.test(line)) return "heading";
  if (BULLET.test(line)) return "bullet";
  const isUnfinished = line.length <= LONGEST_HEADING && !/[.!:;,\])"]\s*$/.test(line);
  const standsAlone = before === undefined || before === "blank";
  return isUnfinished && standsAlone && isAboveText(next, before === undefined) ? "heading" : "text";
}

/** Only the title of a document is followed by an empty line; a line that continues in lower case was wrapped. */
function isAboveText(next: string | undefined, isTitle: boolean): boolean {
  if (next === undefined) return false;
  return next.trim() === "" ? isTitle : !/^\s*\p{Ll}/u.test(next);
}

/** Kinds of entities in a sentence: DATE, MONEY, DURATION, … */
export function listEntityKinds(sentence: string): readonly string[] {
  const { its, readDoc } = language();
  return readDoc(sentence).entities().out(its.type).map(String);
}

export function isNegated(sentence: string): boolean {
  const { its, readDoc } = language();
  return readDoc(sentence).tokens().out(its.negationFlag).some(Boolean);
}

function acronyms(text: string): string[] {
  const names = text.match(/\b(?:[A-Z][a-z]+ ){1,4}[A-Z][a-z]+/g) ?? [];
  return names.map((name) =>
    name
      .split(" ")
      .map((word) => word.charAt(0))
      .join("")
      .toLowerCase(),
  );
}
