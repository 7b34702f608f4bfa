import type { DomNode } from "html-to-text";

/** A long text says nothing more by being repeated, and a table in a cell would be repeated by every table around it. */
const LABEL_LENGTH = 200;
const LABEL_NODES = 50;
/** Of one table. HTML lets a cell span a thousand columns, and the rest of its rows. */
const MOST_COPIES = 10_000;

const EMPTY_CELL: DomNode = { type: "tag", name: "td", attribs: {}, children: [] };

/** A cell from above that reaches into the rows below. */
interface Reaching {
  readonly cell: DomNode;
  readonly rows: number;
}

interface Spreading {
  /** By column. */
  readonly reaching: Map<number, Reaching>;
  copies: number;
}

/** Lists what stands in each row of a table, with merged cells taken apart: said in every row and column that they span, so that a value stays under its header. */
export function spreadCells(table: DomNode): ReadonlyMap<DomNode, DomNode[]> {
  const state: Spreading = { reaching: new Map(), copies: MOST_COPIES };
  return new Map(listRows(table).map((row) => [row, spreadRow(row, state)]));
}

function spreadRow(row: DomNode, state: Spreading): DomNode[] {
  const spread: DomNode[] = [];
  let column = fromAbove(0, spread, state);
  for (const node of row.children) {
    if (node.name !== "td" && node.name !== "th") {
      spread.push(node);
      continue;
    }
    const rows = readSpan(node, "rowspan");
    const end = column + Math.min(readSpan(node, "colspan"), 1 + state.copies);
    for (const first = column; column < end; column += 1) {
      spread.push(column === first ? node : copyCell(node, state));
      if (rows > 1) state.reaching.set(column, { cell: node, rows: rows - 1 });
    }
    column = fromAbove(column, spread, state);
  }
  return spread;
}

/** Puts in the cells that reach into a row from above, from a column on. @returns the next column that is free */
function fromAbove(start: number, spread: DomNode[], state: Spreading): number {
  let column = start;
  for (
    let above = state.reaching.get(column);
    above && state.copies > 0;
    above = state.reaching.get(column)
  ) {
    if (above.rows > 1) state.reaching.set(column, { ...above, rows: above.rows - 1 });
    else state.reaching.delete(column);
    spread.push(copyCell(above.cell, state));
    column += 1;
  }
  return column;
}

function copyCell(cell: DomNode, state: Spreading): DomNode {
  state.copies -= 1;
  return isLabel(cell) ? cell : EMPTY_CELL;
}

const GROUPS: ReadonlySet<string | undefined> = new Set(["thead", "tbody", "tfoot"]);

/** The rows of a table, and not those of tables in its cells. */
function listRows(table: DomNode): readonly DomNode[] {
  return table.children
    .flatMap((child) => (GROUPS.has(child.name) ? child.children : [child]))
    .filter(({ name }) => name === "tr");
}

function readSpan(cell: DomNode, direction: "rowspan" | "colspan"): number {
  const attributes: Readonly<Record<string, string | undefined>> = cell.attribs ?? {};
  const span = Number(attributes[direction] ?? 1);
  return Number.isInteger(span) && span > 1 ? span : 1;
}

/** Returns whether a cell holds a few words. Looks at no more of it than that takes. */
function isLabel(cell: DomNode): boolean {
  const rest = [cell];
  let length = 0;
  for (let seen = 0; seen <= LABEL_NODES; seen += 1) {
    const node = rest.pop();
    if (!node) return true;
    length += node.data?.length ?? 0;
    if (length > LABEL_LENGTH || node.name === "table") return false;
    rest.push(...(node.children ?? []).slice(0, LABEL_NODES + 1));
  }
  return false;
}
