import { isRecord, readText, type ChatMessage } from "#/local/openai/chat.ts";
import { splitBlocks, splitSentences } from "#/local/openai/language.ts";

/** A piece of text that may be quoted. `label` is how a quotation names it; material without one is quoted without. */
export interface Source {
  readonly label: string | undefined;
  readonly text: string;
  /** A result that is quoted as it stands, such as that of a calculation. */
  readonly isResult?: true;
}

/** Keys under which search tools and databases put their text, and those of their lists of results. */
const TEXT_KEYS = ["text", "content", "body", "snippet", "chunk_text", "answer", "result"] as const;
const LIST_KEYS = [
  "passages",
  "matches",
  "results",
  "documents",
  "hits",
  "items",
  "output",
  "value",
  "fields",
  "metadata",
] as const;
const NAME_KEYS = ["citation", "id", "title", "name", "url"] as const;

const BLOCK = /<(doc|document|source|passage|file)\b[^>]*?(?:id|name|title)="([^"]+)"[^>]*>([\s\S]*?)<\/\1>/g;
const NUMBERED = /^\s*\[(\d+)\]\s+([\s\S]*?)(?=^\s*\[\d+\]\s|\n\n|(?![\s\S]))/gm;
/** Text followed by the citation it was taken from: `… [handbook.pdf#3]`, `… [outage.md]`, `… [2]`. */
const CITED = /([^[\]]+?)\s*\[([^[\]\n]*(?:#\d+|\.\w{2,5})|\d+)\](?!\()\.?/g;

/** The text that the model itself says when it has nothing to quote; it is never evidence. */
export const NOTHING_TO_QUOTE = "Nothing to quote";

/** All the evidence of a conversation: what tools returned and what was marked as a source in the prompts. */
export function evidenceIn(messages: readonly ChatMessage[]): readonly Source[] {
  return messages.flatMap(({ role, content }) => {
    if (role === "assistant") return [];
    if (role === "tool") return fromToolResult(readText(content));
    return markedSources(readText(content));
  });
}

function markedSources(prompt: string): Source[] {
  const blocks = [...prompt.matchAll(BLOCK)].map(([, , label, text]) => ({ label, text: text ?? "" }));
  const numbered = [...withoutBlocks(prompt).matchAll(NUMBERED)].map(([, label, text]) => ({
    label,
    text: text ?? "",
  }));
  return [...blocks, ...numbered].filter(isQuotable);
}

/** A prompt without the sources that are marked in it. */
export function withoutSources(prompt: string): string {
  return withoutBlocks(prompt).replace(NUMBERED, "").trim();
}

const withoutBlocks = (prompt: string) => prompt.replace(BLOCK, "");

/** The sources in a piece of material that a prompt hands over: JSON, or prose that keeps its citations. */
export function fromMaterial(material: string): readonly Source[] {
  const json = parsedJson(material);
  const found = json === undefined ? splitBlocks(material).flatMap(fromBlock) : fromValue(json, undefined);
  return found.filter(isQuotable);
}

function fromBlock(block: string): Source[] {
  const cited = [...block.matchAll(CITED)].map(([, text, label]) => ({ label, text: text ?? "" }));
  return [...cited, { label: undefined, text: block.replace(CITED, "") }];
}

export function isCited(text: string): boolean {
  return text.search(CITED) >= 0;
}

function fromToolResult(text: string): Source[] {
  const json = parsedJson(text);
  if (isRecord(json) && Object.values(json).every((value) => typeof value !== "object")) {
    const result = plainResult(json);
    if (result !== undefined) return [{ label: undefined, text: result, isResult: true }];
  }
  return (json === undefined ? [{ label: "tool", text }] : fromValue(json, "tool")).filter(isQuotable);
}

/** "2 + 2 = 4" for a calculation, "status: 200, ok: true" for other small results; a result with a text is a source. */
function plainResult(result: Readonly<Record<string, unknown>>): string | undefined {
  const { expression, result: value } = result;
  if (typeof expression === "string") return `${expression} = ${JSON.stringify(value)}`;
  const isProse = TEXT_KEYS.some((key) => typeof result[key] === "string");
  return isProse
    ? undefined
    : Object.entries(result)
        .map(([key, part]) => `${key}: ${JSON.stringify(part)}`)
        .join(", ");
}

export function isJson(text: string): boolean {
  return parsedJson(text) !== undefined;
}

/** JSON only if it is a whole object or list: a text that starts with "[outage.md]" is prose. */
function parsedJson(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function fromValue(value: unknown, label: string | undefined): Source[] {
  if (typeof value === "string")
    return label === "tool" ? [{ label, text: value }] : [...fromMaterial(value)];
  if (Array.isArray(value)) return value.flatMap((item) => fromValue(item, readName(item) ?? label));
  return isRecord(value) ? fromRecord(value, readName(value) ?? label) : [];
}

function fromRecord(value: Readonly<Record<string, unknown>>, label: string | undefined): Source[] {
  const text = TEXT_KEYS.map((key) => value[key]).find((candidate) => typeof candidate === "string");
  if (typeof text === "string")
    return readName(value) === undefined ? [...fromMaterial(text)] : [{ label, text }];
  const list = LIST_KEYS.map((key) => value[key]).find((candidate) => typeof candidate === "object");
  if (list !== undefined) return fromValue(list, label);
  return Object.values(value).flatMap((item) =>
    typeof item === "object" || typeof item === "string" ? fromValue(item, label) : [],
  );
}

function readName(value: unknown): string | undefined {
  if (!isRecord(value)) return undefined;
  const { document, position } = value;
  if (typeof document === "string" && typeof position === "number") return `${document}#${position}`;
  const name = NAME_KEYS.map((key) => value[key]).find((candidate) => typeof candidate === "string");
  return typeof name === "string" ? name.replace(/^\[|\]$/g, "") : undefined;
}

function isQuotable({ text }: Source): boolean {
  return text.trim().length > 20 && !text.includes(NOTHING_TO_QUOTE);
}

/** Returns whether a text is worth quoting from, rather than part of the question. */
export function isMaterial(text: string): boolean {
  const sentences = splitSentences(text);
  if (sentences.every((sentence) => sentence.endsWith("?"))) return false;
  return sentences.length > 1 || text.length > 160 || isCited(text) || isJson(text);
}
