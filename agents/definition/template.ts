import { evaluate, type Scope } from "#/agents/definition/expression.ts";

/** A piece of a template: text as it is, an expression, or the rest of a text after `{{` that is never closed. */
export type Piece = { readonly text: string } | { readonly expression: string } | { readonly unclosed: string };

const OPENING = "{{";
const CLOSING = "}}";

/** Splits a text at its `{{ expressions }}`. Braces and quotes inside an expression do not end it. */
export function piecesOf(template: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (let opening = template.indexOf(OPENING); opening >= 0; opening = template.indexOf(OPENING, from)) {
    const closing = closingOf(template, opening + OPENING.length);
    if (closing < 0) return [...pieces, ...textPiece(template.slice(from, opening)), { unclosed: template.slice(opening) }];
    pieces.push(...textPiece(template.slice(from, opening)), { expression: template.slice(opening + OPENING.length, closing).trim() });
    from = closing + CLOSING.length;
  }
  return [...pieces, ...textPiece(template.slice(from))];
}

const textPiece = (text: string): Piece[] => (text === "" ? [] : [{ text }]);

/** One token of an expression, as far as its end matters: a quoted text, a brace, the end itself. */
const TOKEN = /'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|\}\}|[{}]/gs;

/** Where the expression that begins at `start` is closed; -1 if it is not. */
function closingOf(template: string, start: number): number {
  let depth = 0;
  TOKEN.lastIndex = start;
  for (let token = TOKEN.exec(template); token; token = TOKEN.exec(template)) {
    if (token[0] === CLOSING && depth === 0) return token.index;
    // Inside a map these are two closing braces, one after the other.
    if (token[0] === CLOSING) TOKEN.lastIndex -= 1;
    if (token[0] === "{") depth += 1;
    if (token[0].startsWith("}")) depth = Math.max(0, depth - 1);
  }
  return -1;
}

/** Fills a text in: values that are not text appear as JSON, null as nothing. @throws ExpressionError */
export function renderText(template: string, scope: Scope): string {
  return piecesOf(template)
    .map((piece) => ("expression" in piece ? asText(evaluate(piece.expression, scope)) : "text" in piece ? piece.text : piece.unclosed))
    .join("");
}

/** Fills in every text of a value. A text that is one expression and nothing else becomes its value, type and all. */
export function resolve(value: unknown, scope: Scope): unknown {
  if (typeof value === "string") return resolveText(value, scope);
  if (Array.isArray(value)) return value.map((item) => resolve(item, scope));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolve(item, scope)]));
}

function resolveText(template: string, scope: Scope): unknown {
  const [first, ...rest] = piecesOf(template.trim());
  if (first && "expression" in first && rest.length === 0) return evaluate(first.expression, scope);
  return renderText(template, scope);
}

function asText(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
