import { type Change, type Path, valueAt } from "#/agents/definition/edit/change.ts";
import {
  connectSteps,
  disconnectSteps,
  removeFromEdges,
  renameInEdges,
} from "#/agents/definition/edit/edges.ts";
import type { Operation, OperationName } from "#/agents/definition/edit/operations.ts";
import { renameReads } from "#/agents/definition/edit/references.ts";
import { isJsonObject, type JsonObject } from "#/lib/json-object.ts";

/** The changes that an operation makes in a document, or why it cannot be done. */
export type Decision = readonly Change[] | { readonly reason: string };

type Decide<Name extends OperationName> = (
  document: unknown,
  operation: Extract<Operation, { do: Name }>,
) => Decision;

const no = (reason: string) => ({ reason });

const stepsIn = (map: string | undefined): Path =>
  map === undefined ? ["steps"] : ["steps", map, "do", "steps"];
const edgesIn = (map: string | undefined): Path =>
  map === undefined ? ["edges"] : ["steps", map, "do", "edges"];
const objectAt = (document: unknown, path: Path): JsonObject => {
  const value = valueAt(document, path);
  return isJsonObject(value) ? value : {};
};

interface StepRef {
  readonly step: string;
  readonly map?: string;
}

const stepPath = ({ step, map }: StepRef): Path => [...stepsIn(map), step];
const hasStep = (document: unknown, { step, map }: StepRef) =>
  Object.hasOwn(objectAt(document, stepsIn(map)), step);
const missing = ({ step }: StepRef) => no(`There is no step named “${step}”.`);

/** The key of a step's position: steps of a map stand behind the map's name. */
const positionPath = ({ step, map }: StepRef): Path => [
  "ui",
  "positions",
  map === undefined ? step : `${map}/${step}`,
];

const NAME = /^[A-Za-z_][A-Za-z0-9_-]{0,59}$/;
const ENDS: ReadonlySet<string> = new Set(["start", "end", "__start__", "__end__"]);

function refuseName(document: unknown, place: StepRef): { readonly reason: string } | undefined {
  const { step } = place;
  if (!NAME.test(step))
    return no(`“${step}” is no name: a letter first, then letters, digits, _ and -, 60 at most.`);
  if (ENDS.has(step) || step in Object.prototype) return no(`“${step}” is a reserved name.`);
  return hasStep(document, place) ? no(`There is a step named “${step}” already.`) : undefined;
}

const isGraph = (document: unknown) => valueAt(document, ["kind"]) === "graph";

const addStep: Decide<"addStep"> = (document, operation) => {
  const { map, fields } = operation;
  if (!isGraph(document)) return no("Only a graph has steps that can be added.");
  if (map !== undefined && !isJsonObject(valueAt(document, stepsIn(map))))
    return no(`“${map}” is no map with steps of its own.`);
  return refuseName(document, operation) ?? [{ set: stepPath(operation), value: fields }];
};

const removeStep: Decide<"removeStep"> = (document, operation) => {
  const { step, map } = operation;
  if (!hasStep(document, operation)) return missing(operation);
  const steps = Object.entries(objectAt(document, stepsIn(map)));
  const detours = steps.flatMap(([id, other]) =>
    id !== step && valueAt(other, ["onError", "goto"]) === step
      ? [{ unset: [...stepsIn(map), id, "onError"] }]
      : [],
  );
  return [
    { unset: stepPath(operation) },
    ...detours,
    ...removeFromEdges(valueAt(document, edgesIn(map)), edgesIn(map), step),
    ...listPositions(document, operation).map((path) => ({ unset: path })),
  ];
};

/** The positions of a step and of the steps inside it. */
function listPositions(document: unknown, place: StepRef): readonly Path[] {
  const own = String(positionPath(place).at(-1));
  const names = Object.keys(objectAt(document, ["ui", "positions"]));
  return names
    .filter((name) => name === own || name.startsWith(`${own}/`))
    .map((name) => ["ui", "positions", name]);
}

const renameStep: Decide<"renameStep"> = (document, operation) => {
  const { step, map, to } = operation;
  if (!hasStep(document, operation)) return missing(operation);
  const refusal = refuseName(document, { ...operation, step: to });
  if (refusal) return refusal;
  const renaming = { from: step, to };
  const detours = Object.entries(objectAt(document, stepsIn(map))).flatMap(([id, other]) =>
    valueAt(other, ["onError", "goto"]) === step
      ? [{ set: [...stepsIn(map), id, "onError", "goto"], value: to }]
      : [],
  );
  return [
    { rename: stepPath(operation), to },
    ...detours,
    ...renameInEdges(valueAt(document, edgesIn(map)), edgesIn(map), renaming),
    ...listPositions(document, operation).map((path) => ({
      rename: path,
      to: String(path.at(-1)).replace(/[^/]+(?=(\/|$))/, (own) => (own === step ? to : own)),
    })),
    ...renameKey(document, operation),
  ];
};

/** A step's value goes to a key of the state with its name: what reads it follows, or, where that cannot be told for sure, the key stays. */
function renameKey(document: unknown, operation: StepRef & { readonly to: string }): readonly Change[] {
  const { step, map, to } = operation;
  const fields = objectAt(document, stepPath(operation));
  if ("save" in fields) return [];
  const scope: Path = map === undefined ? [] : ["steps", map, "do"];
  const parts = ["steps", "edges", "output"].map((key) => ({
    path: [...scope, key],
    value: valueAt(document, [...scope, key]),
  }));
  if (isKeyShared(document, step) || parts.some(({ value }) => readsByCode(value)))
    return [{ set: [...stepPath(operation), "save"], value: step }];
  const edited = Object.entries(objectAt(document, stepsIn(map))).flatMap(([id, other]) =>
    valueAt(other, ["edits"]) === step ? [{ set: [...stepsIn(map), id, "edits"], value: to }] : [],
  );
  return [...edited, ...parts.flatMap(({ path, value }) => renameReads(value, path, { from: step, to }))];
}

/** Returns whether a key of the state is declared, or written or hidden by another step. */
function isKeyShared(document: unknown, key: string): boolean {
  if (Object.hasOwn(objectAt(document, ["state"]), key)) return true;
  const steps = Object.entries(objectAt(document, ["steps"]));
  const inner = steps.flatMap(([, step]) => [
    ...Object.entries(objectAt(step, ["do", "steps"])),
    ...(isJsonObject(valueAt(step, ["do"])) ? [["", valueAt(step, ["do"])] as const] : []),
  ]);
  const all = [...steps, ...inner];
  const writers = all.filter(([id, step]) => (valueAt(step, ["save"]) ?? id) === key);
  return writers.length > 1;
}

/** Code is JavaScript: what it reads is not looked into. */
function readsByCode(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(readsByCode);
  if (!isJsonObject(value)) return false;
  const { type, source } = value;
  if (type === "code" && typeof source === "string" && source.includes("state")) return true;
  return Object.values(value).some(readsByCode);
}

const duplicateStep: Decide<"duplicateStep"> = (document, operation) => {
  if (!hasStep(document, operation)) return missing(operation);
  const copy = { ...operation, step: operation.as };
  return (
    refuseName(document, copy) ?? [{ set: stepPath(copy), value: valueAt(document, stepPath(operation)) }]
  );
};

const moveStep: Decide<"moveStep"> = (document, operation) => {
  const { step, map, before } = operation;
  if (!hasStep(document, operation)) return missing(operation);
  if (before !== undefined && !hasStep(document, { ...operation, step: before }))
    return missing({ step: before });
  const names = Object.keys(objectAt(document, stepsIn(map)));
  const isThere = before === step || names[names.indexOf(step) + 1] === before;
  return isThere ? [] : [{ move: stepPath(operation), before }];
};

const connect: Decide<"connect"> = (document, operation) => {
  const { from, to, map } = operation;
  if (from !== "start" && !hasStep(document, { ...operation, step: from })) return missing({ step: from });
  if (to !== "end" && !hasStep(document, { ...operation, step: to })) return missing({ step: to });
  const change = connectSteps(valueAt(document, edgesIn(map)), edgesIn(map), operation);
  return change ? [change] : no(`“${from}” leads to “${to}” already.`);
};

const disconnect: Decide<"disconnect"> = (document, operation) => {
  const { from, to, map } = operation;
  const changes = disconnectSteps(valueAt(document, edgesIn(map)), edgesIn(map), operation);
  return changes.length > 0 ? changes : no(`“${from}” does not lead to “${to}”.`);
};

function fieldPath(
  document: unknown,
  operation: { readonly step?: string; readonly map?: string; readonly field: Path },
): Path | { readonly reason: string } {
  const { step, field } = operation;
  if (field.length === 0) return no("No field is named.");
  if (step === undefined) return field;
  const place = { ...operation, step };
  return hasStep(document, place) ? [...stepPath(place), ...field] : missing(place);
}

const setField: Decide<"setField"> = (document, operation) => {
  const path = fieldPath(document, operation);
  if ("reason" in path) return path;
  const { value } = operation;
  if (value === undefined) return no("A field cannot be set to nothing. Remove it instead.");
  return JSON.stringify(valueAt(document, path)) === JSON.stringify(value) ? [] : [{ set: path, value }];
};

const unsetField: Decide<"unsetField"> = (document, operation) => {
  const path = fieldPath(document, operation);
  if ("reason" in path) return path;
  return valueAt(document, path) === undefined ? [] : [{ unset: path }];
};

const setPosition: Decide<"setPosition"> = (document, operation) => {
  const { x, y } = operation;
  const isDrawn = !isGraph(document) || hasStep(document, operation) || ENDS.has(operation.step);
  if (!isDrawn) return missing(operation);
  return setField(document, { do: "setField", field: positionPath(operation), value: { x, y } });
};

const addNote: Decide<"addNote"> = (document, { note, text, x, y, width, height, color }) => {
  if (!NAME.test(note)) return no(`“${note}” is no name for a note.`);
  const path = ["ui", "notes", note];
  const look = Object.entries({ width, height, color }).filter(([, value]) => value !== undefined);
  return valueAt(document, path) === undefined
    ? [{ set: path, value: { text, x, y, ...Object.fromEntries(look) } }]
    : no(`There is a note named “${note}” already.`);
};

/** With the last note what was made for notes goes. */
const removeNote: Decide<"removeNote"> = (document, { note }) => {
  const path = ["ui", "notes", note];
  if (valueAt(document, path) === undefined) return no(`There is no note named “${note}”.`);
  if (!isAlone(document, ["ui", "notes"])) return [{ unset: path }];
  return [{ unset: isAlone(document, ["ui"]) ? ["ui"] : ["ui", "notes"] }];
};

const isAlone = (document: unknown, path: Path) => Object.keys(objectAt(document, path)).length === 1;

const DECIDE: { readonly [Name in OperationName]: Decide<Name> } = {
  addStep,
  removeStep,
  renameStep,
  duplicateStep,
  moveStep,
  connect,
  disconnect,
  setField,
  unsetField,
  setPosition,
  addNote,
  removeNote,
};

/** Decides what an operation changes. */
export function decideChanges<Name extends OperationName>(
  document: unknown,
  operation: Extract<Operation, { do: Name }>,
): Decision {
  const name: Name = operation.do;
  return DECIDE[name](document, operation);
}
