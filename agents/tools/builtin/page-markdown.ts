import { Parser } from "htmlparser2";

/** The deepest nesting: deeper elements say nothing that a reader could follow, and each closing tag would be looked for among all that are open. */
const DEEPEST = 500;
/** Characters that are parsed between two looks at the clock. */
const PIECE = 16_384;

const SKIPPED = new Set([
  "script",
  "style",
  "noscript",
  "template",
  "svg",
  "iframe",
  "nav",
  "footer",
  "aside",
  "form",
  "button",
  "select",
  "head",
]);
const BLOCKS = new Set([
  "p",
  "div",
  "section",
  "article",
  "main",
  "header",
  "ul",
  "ol",
  "table",
  "tr",
  "blockquote",
  "figure",
  "dl",
  "dt",
  "dd",
  "hr",
]);
const MARKS: ReadonlyMap<string, string> = new Map(
  Object.entries({ strong: "**", b: "**", em: "*", i: "*", code: "`" }),
);

export interface PageText {
  readonly title: string;
  readonly markdown: string;
  /** True where the page is longer than what was read: it is too deep, too long, or took too long. */
  readonly isCut: boolean;
}

interface PageLimits {
  readonly characters: number;
  readonly milliseconds: number;
  readonly now: () => number;
}

/** Reads a page's text as Markdown while it is parsed: no tree is built, and time, length and depth are bounded whatever the page is. */
export function readPage(html: string, base: string, limits: PageLimits): PageText {
  const writer = new MarkdownWriter(base);
  const parser = new Parser(writer, { decodeEntities: true });
  const until = limits.now() + limits.milliseconds;
  let at = 0;
  while (at < html.length && !writer.isTooDeep && writer.length < limits.characters && limits.now() < until) {
    parser.write(html.slice(at, at + PIECE));
    at += PIECE;
  }
  if (!writer.isTooDeep) parser.end();
  const text = writer.text();
  return {
    title: writer.title.trim().replaceAll(/\s+/g, " "),
    markdown: text.slice(0, limits.characters),
    isCut: at < html.length || writer.isTooDeep || text.length > limits.characters,
  };
}

type Opening = (attributes: Readonly<Record<string, string>>) => void;

/** Writes Markdown of the tags and texts that a parser tells it of. */
class MarkdownWriter {
  title = "";
  length = 0;
  isTooDeep = false;
  readonly #base: string;
  readonly #pieces: string[] = [];
  readonly #links: string[] = [];
  #depth = 0;
  #skippedFrom = 0;
  #isTitle = false;
  #preformatted = 0;
  #ends = "\n\n";

  constructor(base: string) {
    this.#base = base;
  }

  onopentag(name: string, attributes: Readonly<Record<string, string>>): void {
    this.#depth += 1;
    if (this.#depth > DEEPEST) this.isTooDeep = true;
    if (this.isTooDeep) return;
    if (name === "title" && this.title === "") this.#isTitle = true;
    if (this.#skippedFrom > 0) return;
    if (SKIPPED.has(name)) this.#skippedFrom = this.#depth;
    else this.#open(name, attributes);
  }

  onclosetag(name: string): void {
    if (name === "title") this.#isTitle = false;
    if (this.#skippedFrom === 0) this.#close(name);
    else if (this.#skippedFrom === this.#depth) this.#skippedFrom = 0;
    this.#depth -= 1;
  }

  ontext(text: string): void {
    if (this.isTooDeep) return;
    if (this.#isTitle) this.title += text;
    if (this.#skippedFrom > 0 || this.#isTitle) return;
    if (this.#preformatted > 0) this.#add(text);
    else this.#addWords(text);
  }

  text(): string {
    // Not by a pattern: one for blanks before a line's end looks through a run of them again from each of its blanks.
    const lines = this.#pieces.join("").split("\n");
    return lines
      .map((line) => line.trimEnd())
      .join("\n")
      .replaceAll(/\n{3,}/g, "\n\n")
      .trim();
  }

  #open(name: string, attributes: Readonly<Record<string, string>>): void {
    const open = this.#openings.get(name);
    if (open) open(attributes);
    else if (BLOCKS.has(name)) this.#startBlock("");
    else if (this.#preformatted === 0) this.#add(MARKS.get(name) ?? "");
  }

  readonly #startCell = () => this.#add(this.#ends.endsWith("\n") ? "| " : " | ");

  /** The openings of elements that are more than a block or a mark. */
  readonly #openings = new Map<string, Opening>(
    Object.entries<Opening>({
      ...Object.fromEntries(
        [1, 2, 3, 4, 5, 6].map((level) => [`h${level}`, () => this.#startBlock(`${"#".repeat(level)} `)]),
      ),
      li: () => this.#startLine("- "),
      br: () => this.#add("\n"),
      pre: () => this.#startCode(),
      a: ({ href }) => void this.#links.push(this.#openLink(href)),
      td: this.#startCell,
      th: this.#startCell,
      img: ({ alt = "" }) => this.#addWords(alt),
    }),
  );

  #close(name: string): void {
    if (/^h[1-6]$/.test(name) || BLOCKS.has(name)) this.#startBlock("");
    else if (name === "pre") this.#endCode();
    else if (name === "a") this.#add(this.#links.pop() ?? "");
    else if (this.#preformatted === 0) this.#add(MARKS.get(name) ?? "");
  }

  /** Opens a link. @returns what closes it: nothing where it leads nowhere */
  #openLink(href = ""): string {
    const url = URL.parse(href, this.#base);
    if (!url || !url.protocol.startsWith("http") || href.startsWith("#")) return "";
    this.#add("[");
    return `](${url.href})`;
  }

  #startCode(): void {
    this.#startBlock("```\n");
    this.#preformatted += 1;
  }

  #endCode(): void {
    this.#preformatted = Math.max(0, this.#preformatted - 1);
    this.#add("\n```");
    this.#startBlock("");
  }

  #startBlock(text: string): void {
    this.#add(this.#ends.endsWith("\n\n") ? text : `\n\n${text}`);
  }

  #startLine(text: string): void {
    this.#add(this.#ends.endsWith("\n") ? text : `\n${text}`);
  }

  #addWords(text: string): void {
    const words = text.replaceAll(/\s+/g, " ");
    this.#add(/\s$/.test(this.#ends) ? words.trimStart() : words);
  }

  #add(text: string): void {
    if (text === "") return;
    this.#pieces.push(text);
    this.length += text.length;
    this.#ends = (this.#ends + text).slice(-2);
  }
}
