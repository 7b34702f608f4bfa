import { randomUUID } from "node:crypto";
import { findWorkspace, refuseFilledTarget, refuseOtherSignIn, refuseUnlike } from "#/local/move/checks.ts";
import { copyRows } from "#/local/move/copy-rows.ts";
import { compareVectors, copyVectors, forgetVectors } from "#/local/move/copy-vectors.ts";
import { waitForTransactions, waitForWork } from "#/local/move/drain.ts";
import { emptySource } from "#/local/move/empty.ts";
import { forgetKept } from "#/local/move/forget-kept.ts";
import type { Place } from "#/local/move/place.ts";
import {
  arrive,
  beginDraining,
  endDraining,
  freeze,
  type MoveRow,
  noteArriving,
  readMove,
  renameMove,
  switchAway,
} from "#/local/move/states.ts";
import { listMovedTables, type MovedTable } from "#/local/move/tables.ts";

/** What a move has done by then, in order. */
export type Step =
  | "draining"
  | "frozen"
  | "vectors"
  | "table"
  | "rows"
  | "compared"
  | "switched"
  | "arrived"
  | "emptied";

export interface MoveWishes {
  readonly from: Place;
  readonly to: Place;
  /** Its id, its slug or its organization. */
  readonly workspace: string;
  /** For so long steps under way may end by themselves. */
  readonly patienceMs: number;
  /** Moves it although nobody of it can sign in at the target. */
  readonly withoutPeople?: boolean | undefined;
  /** Called after each step: tells people, or ends the process in a test. */
  readonly reached: (step: Step, text: string) => Promise<void> | void;
}

interface Move extends MoveWishes {
  readonly workspaceId: string;
  readonly tables: readonly MovedTable[];
  readonly id: string;
}

/**
 * Moves a workspace: export, import, compare, switch. The source stays what counts until the switch, which is one transaction there; from then on
 * only the target runs it. Whatever ends a move half way, the same call goes on with it.
 */
export async function moveWorkspace(wishes: MoveWishes): Promise<void> {
  const { move, here, there } = await begin(wishes);
  if (here?.state !== "moved") {
    await stopWork(move, here);
    await copy(move, there);
    await switchAway(move.from.database, { ...move, other: move.to });
    await move.reached("switched", `switched: ${move.from.url} answers with the new address from now on`);
  }
  await arrive(move.to.database, { ...move, other: move.from });
  await move.reached("arrived", `${move.to.url} runs the workspace`);
}

const SAME_DATABASE = "Source and target are the same database.";

interface Beginning {
  readonly move: Move;
  readonly here: MoveRow | undefined;
  readonly there: MoveRow | undefined;
}

/** Finds the move that is under way, or begins one. @throws when it may not begin */
async function begin(wishes: MoveWishes): Promise<Beginning> {
  const { from, to } = wishes;
  const tables = await listMovedTables(from.database);
  await refuseUnlike(from, to, tables);
  if (!wishes.withoutPeople) refuseOtherSignIn(from, to);
  const workspaceId = await findWorkspace(from.database, wishes.workspace);
  const here = await readMove(from.database, workspaceId);
  const there = await readMove(to.database, workspaceId);
  const isUnderWay = here !== undefined && here.state !== "arrived";
  const id = isUnderWay ? here.id : randomUUID();
  const move = { ...wishes, workspaceId, tables, id };
  if (isUnderWay) refuseOtherMove(here, there, to);
  else await refuseTarget(move, there);
  if (isUnderWay) return { move, here, there };
  await beginDraining(from.database, { workspaceId, id, other: to });
  if ((await readMove(to.database, workspaceId))?.id === id) {
    await endDraining(from.database, { workspaceId, id, other: to });
    throw new Error(SAME_DATABASE);
  }
  await move.reached("draining", "no run is taken any more; those at work end their step");
  return { move, here: undefined, there };
}

function refuseOtherMove(here: MoveRow, there: MoveRow | undefined, to: Place): void {
  if (here.state === "arriving")
    throw new Error(
      `The source is the target of a move from ${here.otherUrl} that is not over. End that one first.`,
    );
  if (here.otherUrl !== to.url)
    throw new Error(
      here.state === "moved"
        ? `The workspace has moved to ${here.otherUrl} already. Move it from there.`
        : `The workspace is being moved to ${here.otherUrl}. Give that target again, or end that move with --abandon.`,
    );
  if (there && there.id === here.id && there.state !== "arriving" && there.state !== "arrived")
    throw new Error(SAME_DATABASE);
  if (there && there.id !== here.id) refuseStranger(there);
}

async function refuseTarget({ to, workspaceId, tables }: Move, there: MoveRow | undefined): Promise<void> {
  if (there) refuseStranger(there);
  if (there?.state === "moved") return;
  await refuseFilledTarget(to.database, workspaceId, tables);
}

/** @throws unless what the target has is the rest of a move away from it that is over */
function refuseStranger({ state, otherUrl, isEmptied }: MoveRow): void {
  if (state === "moved" && isEmptied) return;
  const reasons: Readonly<Record<MoveRow["state"], string>> = {
    draining: `The target is moving it to ${otherUrl}.`,
    frozen: `The target is moving it to ${otherUrl}.`,
    moved: `The target has moved it to ${otherUrl} and still has its copy: delete that one first, with --delete.`,
    arriving: `The target has the copy of a move from ${otherUrl} that is not over: give it up there with --abandon.`,
    arrived: `The target has this workspace already; it came from ${otherUrl}.`,
  };
  throw new Error(reasons[state]);
}

const TRANSACTION_PATIENCE_MS = 60_000;

/** From its end on nothing of the workspace changes at the source. */
async function stopWork(move: Move, here: MoveRow | undefined): Promise<void> {
  const { from, workspaceId, id, patienceMs, reached } = move;
  if (here?.state !== "frozen") {
    const held = await waitForWork(from.database, workspaceId, patienceMs);
    await freeze(from.database, workspaceId, id);
    const left = held > 0 ? `; ${held} runs were still worked on and are taken over at the target` : "";
    await reached("frozen", `the workspace can only be read${left}`);
  }
  await waitForTransactions(from.database, TRANSACTION_PATIENCE_MS);
}

async function copy(move: Move, there: MoveRow | undefined): Promise<void> {
  const { from, to, workspaceId, tables, id, reached } = move;
  const vectors = { from: from.vectors, to: to.vectors, workspaceId };
  await copyVectors(vectors);
  await reached("vectors", "vectors are copied");
  if (there?.id !== id) {
    const count = await copyRows({
      from,
      to,
      workspaceId,
      tables,
      copied: async (table, rows) => reached("table", `${table}: ${rows} rows`),
      finish: () => noteArriving(to.database, { workspaceId, id, other: from }),
    });
    await reached("rows", `${count} rows of ${tables.length} tables are copied and the same`);
  }
  const count = await compareVectors(vectors);
  await reached("compared", `${count} vectors are the same`);
}

/** Deletes what a move has left at the source. @throws unless the target runs the workspace */
export async function deleteLeftovers(
  wishes: Pick<MoveWishes, "from" | "to" | "workspace" | "reached">,
): Promise<void> {
  const { from, to, reached } = wishes;
  const workspaceId = await findWorkspace(from.database, wishes.workspace);
  const here = await readMove(from.database, workspaceId);
  const there = await readMove(to.database, workspaceId);
  if (here?.state !== "moved" || there?.id !== here.id || there.state !== "arrived")
    throw new Error(
      "Nothing is deleted: the workspace has not moved from this source to this target, or not to the end.",
    );
  if (here.isEmptied) return;
  await forgetVectors({ from: from.vectors, to: to.vectors, workspaceId });
  // Before its rows, which say which runs are its own.
  await forgetKept(from.kv, from.database, workspaceId);
  const tables = await listMovedTables(from.database);
  await emptySource(from.database, { workspaceId, id: here.id, other: to }, tables);
  await reached("emptied", "the source's copy is deleted; it still tells callers the new address");
}

/** Gives up a move before its switch: the target's copy goes, and the source works on. Safe to repeat. @throws after the switch */
export async function abandonMove(wishes: Pick<MoveWishes, "from" | "to" | "workspace">): Promise<void> {
  const { from, to } = wishes;
  const workspaceId = await findWorkspace(from.database, wishes.workspace);
  const here = await readMove(from.database, workspaceId);
  const isUnderWay = here !== undefined && ["draining", "frozen"].includes(here.state);
  // Whoever is still at this move can neither freeze nor switch from here on.
  const isTaken = isUnderWay && (await renameMove(from.database, workspaceId));
  if (here?.state === "moved" || isTaken !== isUnderWay)
    throw new Error(`The workspace runs at ${here?.otherUrl} already. Move it back from there.`);
  await dropCopy(from, to, workspaceId);
  if (isUnderWay) await endDraining(from.database, { workspaceId, id: here.id, other: to });
}

/** Deletes what came from the source and never ran at the target. */
async function dropCopy(from: Place, to: Place, workspaceId: string): Promise<void> {
  const there = await readMove(to.database, workspaceId);
  if (there?.state !== "arriving") return;
  if (there.otherUrl !== from.url) throw new Error(`The target's copy comes from ${there.otherUrl}.`);
  await to.database.query("delete from workspaces where id = $1", [workspaceId]);
  await forgetVectors({ from: to.vectors, to: from.vectors, workspaceId });
}
