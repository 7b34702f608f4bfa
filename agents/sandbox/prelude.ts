/**
 * Runs in the sandbox before the user's code, and keeps the functions it needs from being replaced. Nothing outside relies on that: what
 * comes out of the sandbox is text, and whoever changes this world changes only his own.
 */
export const PRELUDE = String.raw`(function (print, variables) {
  "use strict";
  const { parse, stringify } = JSON;
  const { isFinite } = Number;
  const apply = Reflect.apply;
  const getPlace = WeakMap.prototype.get;
  const setPlace = WeakMap.prototype.set;
  const cut = String.prototype.slice;

  const known = parse(variables);
  for (const name of Object.keys(known)) globalThis[name] = known[name];

  const show = (value) => {
    if (typeof value === "string") return value;
    try {
      const text = stringify(value);
      if (text !== undefined) return text;
    } catch {}
    try {
      return String(value);
    } catch {
      return "something that cannot be shown";
    }
  };
  const say = (...values) => {
    let line = "";
    for (let i = 0; i < values.length; i++) line += (i ? " " : "") + (values[i] instanceof Error ? String(values[i]) : show(values[i]));
    print(apply(cut, line, [0, 10240]));
  };
  globalThis.console = { log: say, info: say, warn: say, error: say, debug: say };

  class NotJson extends Error {}
  const KINDS = [
    [Promise, "a promise; write await before it"],
    [Map, "a Map; Object.fromEntries(map) makes an object of it"],
    [Set, "a Set; [...set] makes an array of it"],
    [ArrayBuffer, "bytes; Array.from makes an array of them"],
  ];
  const kindOf = (item) => {
    if (typeof item === "function") return "a function";
    if (typeof item === "symbol") return "a symbol";
    if (typeof item === "bigint") return "a BigInt; Number(…) or String(…) makes JSON of it";
    if (typeof item === "number" && !isFinite(item)) return String(item) + ", which JSON cannot say";
    if (typeof item !== "object" || item === null) return undefined;
    for (let i = 0; i < KINDS.length; i++) if (item instanceof KINDS[i][0]) return KINDS[i][1];
    if (ArrayBuffer.isView(item)) return KINDS[3][1];
    return undefined;
  };
  const toJson = (value) => {
    const places = new WeakMap();
    const text = stringify(value, function (key, item) {
      const parent = apply(getPlace, places, [this]);
      const place = parent === undefined ? "" : parent === "" ? key : parent + "." + key;
      const kind = kindOf(item);
      if (kind !== undefined) throw new NotJson((place === "" ? "it is " : "“" + apply(cut, place, [0, 200]) + "” is ") + kind);
      if (typeof item === "object" && item !== null) apply(setPlace, places, [item, place]);
      return item;
    });
    return text === undefined ? "null" : text;
  };

  const textOf = (thrown, key) => {
    try {
      const value = thrown[key];
      return value === undefined ? "" : apply(cut, String(value), [0, 2000]);
    } catch {
      return "";
    }
  };
  const isOf = (kind, thrown) => {
    try {
      return thrown instanceof kind;
    } catch {
      return false;
    }
  };
  const describe = (thrown) => {
    const isError = isOf(Error, thrown);
    const what = isError ? { name: textOf(thrown, "name"), message: textOf(thrown, "message") } : { name: "", message: apply(cut, show(thrown), [0, 2000]) };
    const notJson = isOf(NotJson, thrown) || (isOf(TypeError, thrown) && what.message === "circular reference");
    return stringify({ name: what.name, message: what.message, stack: isError ? textOf(thrown, "stack") : "", notJson });
  };
  return { toJson, describe };
})`;
