/**
 * Runs in the sandbox before code that may call out, beside the other prelude. The code is run again from its beginning whenever what it waits for was not
 * there yet, so everything that could come out otherwise the second time is fixed: the time, what is random, the order in which answers arrive.
 */
export const CALLS_PRELUDE = String.raw`(function (call, toJson, given) {
  "use strict";
  const { parse } = JSON;
  const { construct } = Reflect;
  const { now, seed, names, most, longest } = parse(given);

  const AnyDate = Date;
  const FixedDate = function (...given) {
    const date = construct(AnyDate, given.length === 0 ? [now] : given, new.target === undefined ? AnyDate : new.target);
    return new.target === undefined ? String(date) : date;
  };
  Object.assign(FixedDate, { prototype: AnyDate.prototype, parse: AnyDate.parse, UTC: AnyDate.UTC, now: () => now });
  Object.defineProperty(FixedDate, "name", { value: "Date" });
  AnyDate.prototype.constructor = FixedDate;
  globalThis.Date = FixedDate;

  let drawn = seed;
  const { imul } = Math;
  Math.random = () => {
    drawn = (drawn + 0x6d2b79f5) | 0;
    let mixed = imul(drawn ^ (drawn >>> 15), 1 | drawn);
    mixed = (mixed + imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  delete globalThis.WeakRef;
  delete globalThis.FinalizationRegistry;

  class ToolError extends Error {
    constructor(tool, { code, message }, stack) {
      super(message);
      this.name = "ToolError";
      this.code = code;
      this.tool = tool;
      if (stack !== undefined) this.stack = stack;
    }
  }
  globalThis.ToolError = ToolError;

  const open = [];
  let made = 0;
  const ask = (name, input) => {
    const { stack } = new Error();
    return new Promise((resolve, reject) => {
      const text = toJson(input === undefined ? {} : input);
      const refuse = (code, message) => reject(new ToolError(name, { code, message }, stack));
      if (text.length > longest) return refuse("tool-input", "The input has more than " + longest + " characters.");
      if (made >= most) return refuse("code-calls", "One piece of code may make " + most + " calls.");
      open[made++] = { name, resolve, reject, stack };
      call(name, text);
    });
  };
  const settle = (index, isAnswer, text) => {
    const { name, resolve, reject, stack } = open[index];
    open[index] = undefined;
    if (isAnswer) resolve(parse(text));
    else reject(new ToolError(name, parse(text), stack));
  };

  const callable = Object.create(null);
  for (const name of Object.keys(names)) callable[name] = (input) => ask(names[name], input);
  globalThis.tools = new Proxy(Object.freeze(callable), {
    get: (known, name) => {
      if (typeof name !== "string" || name === "then" || name === "toJSON" || known[name] !== undefined) return known[name];
      return (input) => ask(name, input);
    },
  });
  return { settle };
})`;
