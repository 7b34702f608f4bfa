import { evaluate, type Scope } from "#/agents/definition/expression/expression.ts";
import { WORK_AT_ONCE, withinWork } from "#/agents/definition/work.ts";

/** A piece of a template: text as it is, an expression, or the rest of a text after `{{` that is never closed. */
export type Piece =
  | { readonly text: string }
  | { readonly expression: string }
  | { readonly unclosed: string };

const OPENING = "{{";
const CLOSING = "}}";

/** Splits a text at its `{{ expressions }}`. Braces and quotes inside an expression do not end it. Reads every character once. */
export function splitTemplate(template: string): readonly Piece[] {
  const pieces: Piece[] = [];
  const unpaired = new Set<string>();
  let from = 0;
  for (let opening = template.indexOf(OPENING); opening >= 0; opening = template.indexOf(OPENING, from)) {
    const closing = findClosing(template, opening + OPENING.length, unpaired);
    if (closing < 0)
      return [...pieces, ...textPiece(template.slice(from, opening)), { unclosed: template.slice(opening) }];
    pieces.push(...textPiece(template.slice(from, opening)), {
      expression: template.slice(opening + OPENING.length, closing).trim(),
    });
    from = closing + CLOSING.length;
  }
  return [...pieces, ...textPiece(template.slice(from))];
}

const textPiece = (text: string): Piece[] => (text === "" ? [] : [{ text }]);

/** One token of an expression, as far as its end matters: a quote, a brace, the end itself. */
const TOKEN = /['"]|\}\}|[{}]/g;
/** The rest of a quoted text behind its first quote. */
const REST: Readonly<Record<string, RegExp>> = { "'": /(?:\\.|[^'\\])*'/sy, '"': /(?:\\.|[^"\\])*"/sy };

/**
 * Finds where the expression that begins at `start` is closed; -1 if it is not. A quote without a partner is a character like others; behind one, no quote of
 * its kind has a partner, so that is looked for once in a template.
 */
function findClosing(template: string, start: number, unpaired: Set<string>): number {
  let depth = 0;
  TOKEN.lastIndex = start;
  for (let token = TOKEN.exec(template); token; token = TOKEN.exec(template)) {
    const [mark] = token;
    if (mark === CLOSING && depth === 0) return token.index;
    if (REST[mark]) TOKEN.lastIndex = behindQuote(template, token.index, unpaired);
    // Inside a map these are two closing braces, one after the other.
    if (mark === CLOSING) TOKEN.lastIndex -= 1;
    if (mark === "{") depth += 1;
    if (mark.startsWith("}")) depth = Math.max(0, depth - 1);
  }
  return -1;
}

/** Returns where reading continues after a quote: behind its partner, if it has one. */
function behindQuote(template: string, at: number, unpaired: Set<string>): number {
  const quote = template[at] ?? "";
  const rest = unpaired.has(quote) ? undefined : REST[quote];
  if (!rest) return at + 1;
  rest.lastIndex = at + 1;
  if (rest.test(template)) return rest.lastIndex;
  unpaired.add(quote);
  return at + 1;
}

/** Fills a text in: values that are not text appear as JSON, null as nothing. @throws ExpressionError */
export function renderText(template: string, scope: Scope): string {
  return withinWork(WORK_AT_ONCE, () => render(template, scope));
}

function render(template: string, scope: Scope): string {
  return splitTemplate(template)
    .map((piece) =>
      "expression" in piece
        ? asText(evaluate(piece.expression, scope))
        : "text" in piece
          ? piece.text
          : piece.unclosed,
    )
    .join("");
}

/** Fills in every text of a value. A text that is one expression and nothing else becomes its value, type and all. */
export function resolve(value: unknown, scope: Scope): unknown {
  return withinWork(WORK_AT_ONCE, () => resolveInside(value, scope));
}

function resolveInside(value: unknown, scope: Scope): unknown {
  if (typeof value === "string") return resolveText(value, scope);
  if (Array.isArray(value)) return value.map((item) => resolveInside(item, scope));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolveInside(item, scope)]));
}

function resolveText(template: string, scope: Scope): unknown {
  const [first, ...rest] = splitTemplate(template.trim());
  if (first && "expression" in first && rest.length === 0) return evaluate(first.expression, scope);
  return render(template, scope);
}

function asText(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
