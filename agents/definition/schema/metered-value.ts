import { spendWork } from "#/agents/definition/work.ts";

/** To list a key: the platform asks a face for each of them by itself. */
const KEY_WORK = 2;

/** The same value, whose every reading is counted: the validator of schemas cannot be interrupted. One object has one face, so that they can be compared. */
export function meteredValue(value: unknown): unknown {
  const faces = new WeakMap<object, object>();
  const faceOf = (part: unknown): unknown => {
    if (typeof part !== "object" || part === null) return part;
    const known = faces.get(part);
    if (known) return known;
    const face = new Proxy(part, handler);
    faces.set(part, face);
    return face;
  };
  const handler: ProxyHandler<object> = {
    get: (target, key) => {
      spendWork(1);
      return faceOf(Reflect.get(target, key));
    },
    has: (target, key) => {
      spendWork(1);
      return Reflect.has(target, key);
    },
    ownKeys: (target) => {
      const keys = Reflect.ownKeys(target);
      spendWork(KEY_WORK * keys.length);
      return keys;
    },
  };
  return faceOf(value);
}

/** Whether any list in a value has an item twice. Takes as long as the value is large, times its depth. */
export function hasRepeatedItems(value: unknown): boolean {
  const open: unknown[] = [value];
  while (open.length > 0) {
    const part = open.pop();
    if (typeof part !== "object" || part === null) continue;
    if (Array.isArray(part) && new Set(part.map(textOf)).size < part.length) return true;
    for (const inner of Object.values(part)) open.push(inner);
  }
  return false;
}

const TEXT_PER_UNIT = 32;

/** Equal values have equal texts, in whatever order their keys are. */
function textOf(value: unknown): string {
  const text = JSON.stringify(value, (_key, part: unknown) =>
    isObject(part) ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1))) : part,
  );
  spendWork(1 + text.length / TEXT_PER_UNIT);
  return text;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
