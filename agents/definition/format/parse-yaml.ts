import { Composer, CST, type Document, isScalar, Lexer, LineCounter, Parser, visit } from "yaml";
import { SIZES, type SizeName, tooLarge } from "#/agents/definition/format/sizes.ts";
import { inexactMessage, isInexact } from "#/lib/exact-json.ts";

interface SyntaxProblem {
  readonly message: string;
  readonly line: number;
  readonly column: number;
}

export type ParsedText =
  | { readonly ok: true; readonly document: unknown }
  | { readonly ok: false; readonly problems: readonly SyntaxProblem[] };

/** Reads one YAML document. It is refused at the first mark, level or alias too many, and nothing behind that is read. */
export function parseYaml(text: string): ParsedText {
  const lines = new LineCounter();
  try {
    return readDocument(text, lines);
  } catch (error) {
    const { line, col } = error instanceof Excess ? lines.linePos(error.offset) : { line: 1, col: 1 };
    return refused(
      error instanceof Error ? error.message : String(error),
      Math.max(1, line),
      Math.max(1, col),
    );
  }
}

export const refused = (message: string, line = 1, column = 1): ParsedText => ({
  ok: false,
  problems: [{ message, line, column }],
});

/** Something in the text that is not right, and where. */
interface Fault {
  readonly message: string;
  readonly at: number;
}

function readDocument(text: string, lines: LineCounter): ParsedText {
  // To find keys that are there twice, the library compares every key of an object with every other one.
  const composer = new Composer({ lineCounter: lines, prettyErrors: false, uniqueKeys: false });
  const [document, second] = composer.compose(boundedTokens(text, lines), true, text.length);
  if (!document) return refused("There is no definition here.");
  const faults = second
    ? [{ message: "A definition is one YAML document. A second one begins here.", at: second.range[0] }]
    : faultsIn(document);
  if (faults.length === 0)
    return { ok: true, document: document.toJS({ maxAliasCount: SIZES.aliases.most }) as unknown };
  const problems = faults.slice(0, SIZES.problems.most).map(({ message, at }) => {
    const { line, col } = lines.linePos(at);
    return { message, line, column: col };
  });
  return { ok: false, problems };
}

function faultsIn(document: Document.Parsed): readonly Fault[] {
  const faults = [
    ...document.errors.map(({ message, pos: [at] }) => ({ message, at })),
    ...repeatedKeys(document),
  ];
  return faults.length > 0 ? faults : inexactNumbers(document);
}

/** Some levels of a document are two of the parser's. */
const PARSER_LEVELS = 2 * SIZES.nesting.most + 10;
/** After too many of these it makes no sense to read on. */
const STRAY: ReadonlySet<string> = new Set(["error", "directive", "doc-end"]);

/** The parser's tokens, as long as there are not too many of them, nor too deep in one another. @throws Excess */
function* boundedTokens(text: string, lines: LineCounter): Generator<CST.Token> {
  const parser = new Parser(lines.addNewLine);
  lines.addNewLine(0);
  const counted = { marks: 0, aliases: 0, nesting: 0 };
  let strays = 0;
  for (const mark of new Lexer().lex(text)) {
    counted.marks += 1;
    if (isAlias(mark)) counted.aliases += 1;
    counted.nesting = parser.stack.length - PARSER_LEVELS + SIZES.nesting.most;
    refuseExcess(counted, parser.offset);
    for (const token of parser.next(mark)) {
      if (STRAY.has(token.type)) strays += 1;
      if (strays > SIZES.problems.most) return;
      yield token;
    }
  }
  yield* parser.end();
}

/** A place in the text where a size is not kept. */
class Excess extends Error {
  readonly offset: number;

  constructor(size: SizeName, offset: number) {
    super(tooLarge(size));
    this.offset = offset;
  }
}

function refuseExcess(
  counted: Readonly<Record<"marks" | "aliases" | "nesting", number>>,
  offset: number,
): void {
  for (const name of ["marks", "aliases", "nesting"] as const)
    if (counted[name] > SIZES[name].most) throw new Excess(name, offset);
}

function isAlias(mark: string): boolean {
  const type = CST.tokenType(mark);
  return type === "anchor" || type === "alias";
}

function repeatedKeys(document: Document): readonly Fault[] {
  const faults: Fault[] = [];
  visit(document, {
    Map: (_key, map) => {
      const seen = new Set<unknown>();
      for (const { key } of map.items) {
        if (!isScalar(key)) continue;
        if (seen.has(key.value)) faults.push({ message: "Map keys must be unique", at: key.range?.[0] ?? 0 });
        seen.add(key.value);
      }
    },
  });
  return faults;
}

/** Numbers that would not come out as they were written. */
function inexactNumbers(document: Document): readonly Fault[] {
  const faults: Fault[] = [];
  visit(document, {
    Scalar: (_key, { value, source = "", range }) => {
      if (
        typeof value === "number" &&
        (isInexact(source) || !Number.isFinite(value) || isLargeHex(source, value))
      )
        faults.push({ message: inexactMessage(source), at: range?.[0] ?? 0 });
    },
  });
  return faults;
}

const isLargeHex = (source: string, value: number): boolean =>
  /^0[xo]/.test(source) && !Number.isSafeInteger(value);
