import { describe, expect, test } from "vitest";
import { CodeError } from "#/agents/sandbox/code-error.ts";
import { runCode } from "#/agents/sandbox/run-code.ts";

const MEGABYTE = 1024 * 1024;
/** Far from what any of the code below needs, near enough for the code that needs everything. */
const LIMITS = { cpuMs: 2000, memoryBytes: 32 * MEGABYTE, outputBytes: MEGABYTE };

const options = (changed: Partial<typeof LIMITS & { signal: AbortSignal }> = {}) => ({
  ...LIMITS,
  signal: new AbortController().signal,
  ...changed,
});
const valueOf = async (source: string, variables: Record<string, unknown> = {}) =>
  (await runCode(source, variables, options())).value;
const catchFailure = async (
  source: string,
  changed: Partial<typeof LIMITS> = {},
  variables: Record<string, unknown> = {},
): Promise<CodeError> => {
  const outcome = await runCode(source, variables, options(changed)).catch((error: unknown) => error);
  if (outcome instanceof CodeError) return outcome;
  throw new Error(`not a CodeError: ${JSON.stringify(outcome)}`, { cause: outcome });
};

describe("what code can do", () => {
  test("sees its variables and returns a value", async () => {
    const variables = { input: { items: [{ price: 2 }, { price: 9 }] }, state: { least: 5 } };
    expect(
      await valueOf("return input.items.filter((item) => item.price > state.least);", variables),
    ).toEqual([{ price: 9 }]);
  });

  test("may await promises", async () => {
    expect(
      await valueOf("const all = await Promise.all([1, Promise.resolve(2)]); await null; return all;"),
    ).toEqual([1, 2]);
  });

  test.each([
    ["return;", null],
    ["return undefined;", null],
    ["", null],
    ["return new Date(0);", "1970-01-01T00:00:00.000Z"],
    ["return { a: undefined, b: 1 };", { b: 1 }],
    ["return 'ä€😀';", "ä€😀"],
    ["return 1 // the last line may be a comment", 1],
  ])("gives the result of %j as JSON", async (source, value) => {
    expect(await valueOf(source)).toEqual(value);
  });

  test("prints, also before it fails", async () => {
    const { printed } = await runCode(
      "console.log('a', { b: 1 }, null, undefined, new Error('c')); console.warn(2);",
      {},
      options(),
    );
    expect(printed).toEqual(['a {"b":1} null undefined Error: c', "2"]);
    const failure = await catchFailure("console.log('so far'); throw new Error('boom');");
    expect(failure.printed).toEqual(["so far"]);
    expect(failure.message).toContain("so far");
  });

  test.each([
    "for (let i = 0; i < 1e4; i++) console.log(i);",
    "for (;;) console.log('x'.repeat(1e5));",
    "console.log('x'.repeat(1e7));",
  ])("keeps 100 lines and 10 KB of what %j prints", async (source) => {
    const { printed } = await runCode(
      `try { ${source.replace(";;", "let n = 0; n < 99; n++")} } catch {}`,
      {},
      options(),
    );
    expect(printed.length).toBeLessThanOrEqual(101);
    expect(Buffer.byteLength(printed.join(""))).toBeLessThan(11 * 1024);
    expect(printed.at(-1)).toMatch(/only the first|^x{10240}$/);
  });
});

describe("errors", () => {
  test.each([
    ["const a = 1;\nconst b = = 2;", "code-syntax", 2, 11],
    ["const a = 1;\n  a.b.c;", "code-threw", 2, 6],
    ["function f() {\n  throw new Error('boom');\n}\nf();", "code-threw", 2, 18],
    ["await null;\n\n throw new TypeError('late');", "code-threw", 3, 21],
  ])("name the place in the user's own source: %j", async (source, code, line, column) => {
    expect(await catchFailure(source)).toMatchObject({ code, place: { line, column }, retryable: false });
  });

  test("an open bracket is the end's fault, not that of what we put behind it", async () => {
    expect(await catchFailure("if (input) {\n  return 1;\n")).toMatchObject({
      code: "code-syntax",
      message: expect.stringContaining("bracket") as unknown,
    });
  });

  test("carry the thrown message", async () => {
    expect((await catchFailure("throw new RangeError('too many')")).message).toContain(
      "RangeError: too many",
    );
  });

  test.each([
    ["throw null", "null"],
    ["throw undefined", "undefined"],
    ["throw 'text'", "text"],
    ["throw { code: 7 }", '{"code":7}'],
    ["throw Symbol('s')", "Symbol(s)"],
    ["throw 1n", "1"],
    ["throw () => 1", "() => 1"],
    ["throw new Proxy({}, { get() { throw 1 }, getPrototypeOf() { throw 2 } })", "cannot be shown"],
    [
      "const e = new Error('x'); Object.defineProperty(e, 'message', { get() { throw e } }); throw e",
      "Error",
    ],
    ["await Promise.reject(null)", "null"],
  ])("survive %j", async (source, text) => {
    const failure = await catchFailure(source);
    expect(failure.code).toBe("code-threw");
    expect(failure.message).toContain(text);
  });

  test.each([
    ["return () => 1", "a function"],
    ["return { a: [{ b: Symbol('x') }] }", "“a.0.b” is a symbol"],
    ["return 10n", "a BigInt"],
    ["const a = {}; a.a = a; return a", "circular"],
    ["return NaN", "NaN"],
    ["return { map: new Map() }", "“map” is a Map"],
    ["return [new Set()]", "“0” is a Set"],
    ["return { later: Promise.resolve(1) }", "await"],
    ["return new Uint8Array(3)", "bytes"],
    ["let a = []; for (let i = 0; i < 300; i++) a = [a]; return a", "200 levels"],
  ])("%j is told why its result cannot be kept", async (source, text) => {
    const failure = await catchFailure(source);
    expect(failure.code).toBe("code-output");
    expect(failure.message).toContain(text);
  });

  test.each([
    ["await fetch('https://example.com')", "http step"],
    ["setTimeout(() => {}, 1)", "wait step"],
    ["require('fs')", "Node.js"],
    ["return process.env", "Node.js"],
    ["await import('node:fs')", "cannot import"],
    ["return item", "map step"],
  ])("%j is told what to do instead", async (source, text) => {
    const failure = await catchFailure(source);
    expect(failure.code).toBe("code-threw");
    expect(failure.message).toContain(text);
  });

  test("a promise that nothing settles is an error, not a wait", async () => {
    expect((await catchFailure("await new Promise(() => {})")).message).toContain("ever settle");
  });
});

describe("limits", () => {
  test.each([
    "for (;;);",
    "for (;;) { try { for (;;); } catch {} finally { continue } }",
    "for (;;) await null;",
    "const again = () => Promise.resolve().then(again); again(); await new Promise(() => {});",
    "const again = { then(go) { go(again) } }; await again;",
    "function* g() { for (;;) yield 1 } for (const x of g());",
    "class A { static { for (;;); } }",
    "/^(a+)+$/.test('a'.repeat(50) + 'b');",
    "return { toJSON() { for (;;); } };",
    "return { get a() { for (;;); } };",
    "throw { get message() { for (;;); }, toString() { for (;;); }, toJSON() { for (;;); } };",
    "const e = new Error('x'); Object.defineProperty(e, 'stack', { get() { for (;;); } }); throw e;",
    // Loops inside the interpreter, where it does not look at the clock.
    "Array.prototype.indexOf.call({ length: 2 ** 53 - 1 }, 1);",
    "Array.prototype.reverse.call({ length: 2 ** 53 - 1 });",
    "new Array(4294967295).forEach(() => 1);",
  ])("ends %j in time", async (source) => {
    expect(await catchFailure(source, { cpuMs: 200 })).toMatchObject({
      code: "code-time",
      endsAs: "timed_out",
    });
  });

  test.each([
    "let s = 'x'; for (;;) s += s;",
    "const a = []; for (;;) a.push({});",
    "let a; for (;;) a = { a };",
    "globalThis.a = 0; for (;;) globalThis.a = { a: globalThis.a };",
    "new ArrayBuffer(1e9);",
    "new Array(1e8).fill(1);",
    "'x'.repeat(2 ** 29);",
    "console.log('x'.repeat(2 ** 29));",
    "let f = () => 1; for (let i = 0; i < 1e5; i++) f = f.bind(); f();",
    "const kept = []; for (;;) { try { for (;;) kept.push('x'.repeat(1000) + kept.length) } catch (e) { kept.push = null; throw e } }",
  ])("ends %j when the memory is used up", async (source) => {
    expect((await catchFailure(source, { cpuMs: 20_000 })).code).toBe("code-memory");
  });

  test("variables count as memory", async () => {
    expect(
      (await catchFailure("return 1", { cpuMs: 20_000 }, { input: "x".repeat(40 * MEGABYTE) })).code,
    ).toBe("code-memory");
  });

  test("memory bombs leave nothing behind", async () => {
    const heap = () => process.memoryUsage().rss;
    const before = heap();
    for (let i = 0; i < 20; i++) await catchFailure("const a = []; for (;;) a.push({});", { cpuMs: 20_000 });
    expect(heap() - before).toBeLessThan(20 * LIMITS.memoryBytes * 0.6);
  });

  test.each([
    "function f() { f() } f();",
    "const a = { get a() { return this.a } }; a.a;",
    "JSON.parse('['.repeat(1e5));",
    "eval('('.repeat(1e5));",
    "let a = []; for (let i = 0; i < 1e5; i++) a = [a]; return a;",
    "let a = []; for (let i = 0; i < 1e5; i++) a = [a]; a.toString();",
    "let p = {}; for (let i = 0; i < 1e5; i++) p = new Proxy(p, {}); p.x;",
  ])("ends the recursion of %j", async (source) => {
    const failure = await catchFailure(source);
    expect(failure.code).toBe("code-threw");
    expect(failure.message).toContain("too deep");
  });

  test.each(["return 'x'.repeat(2e6)", "return 'ä'.repeat(600_000)", "return new Array(1e6).fill(0)"])(
    "refuses the size of %j",
    async (source) => {
      const failure = await catchFailure(source, { cpuMs: 20_000 });
      expect(failure.code).toBe("code-output");
      expect(failure.message).toContain("Return less");
    },
  );

  test("stops at an abort, with its reason, and does not begin after one", async () => {
    const stopped = new AbortController();
    const reason = new Error("cancelled");
    const running = runCode("for (;;) await null;", {}, options({ cpuMs: 60_000, signal: stopped.signal }));
    setImmediate(() => stopped.abort(reason));
    await expect(running).rejects.toBe(reason);
    await expect(runCode("return 1", {}, options({ signal: stopped.signal }))).rejects.toBe(reason);
  });
});

/** Names that would be a way out, if any of them were there. */
const HOST_NAMES = [
  "process",
  "require",
  "module",
  "fetch",
  "setTimeout",
  "Buffer",
  "WebAssembly",
  "performance",
  "std",
  "os",
  "scriptArgs",
  "print",
  "global",
  "Worker",
];

describe("the walls", () => {
  test("hold nothing of the host", async () => {
    expect(await valueOf(`return names.filter((name) => name in globalThis)`, { names: HOST_NAMES })).toEqual(
      [],
    );
  });

  test("a walk from the global object finds JavaScript's own functions only, and its Function makes none of the host's", async () => {
    const walk = `
      const seen = new Set();
      const found = [];
      const visit = (value, depth) => {
        if ((typeof value !== "object" && typeof value !== "function") || value === null || seen.has(value) || depth > 8) return;
        seen.add(value);
        if (typeof value === "function") {
          const made = (() => { try { return value.constructor("return globalThis")() } catch { return globalThis } })();
          if (made !== globalThis || "process" in made) found.push(String(value));
        }
        for (const key of Reflect.ownKeys(value)) {
          const { value: inner, get, set } = Object.getOwnPropertyDescriptor(value, key) ?? {};
          for (const next of [inner, get, set]) visit(next, depth + 1);
        }
        visit(Object.getPrototypeOf(value), depth + 1);
      };
      visit(globalThis, 0);
      return { found, many: seen.size > 300 };`;
    expect(await valueOf(walk)).toEqual({ found: [], many: true });
  });

  test.each([
    "return [].constructor.constructor('return typeof process')()",
    "return (async () => {}).constructor('return typeof process')()",
    "return (function* () {}).constructor('yield typeof process')().next().value",
    "return input.constructor.constructor('return typeof process')()",
    "return console.log.constructor('return typeof process')()",
    "return new Function('return typeof this.process')()",
    "return (0, eval)('typeof process')",
    "try { null.x } catch (error) { return error.constructor.constructor('return typeof process')() }",
    "try { await import('fs') } catch (error) { return error.constructor.constructor('return typeof process')() }",
    "try { (function f() { f() })() } catch (error) { return error.constructor.constructor('return typeof process')() }",
    "let host; Error.prepareStackTrace = (_, frames) => { host = frames?.[0]?.getThis?.() }; new Error().stack; return typeof host?.process",
    "return typeof arguments.callee?.caller?.process",
  ])("%j stays inside", async (source) => {
    const value = await valueOf(source, { input: {} }).catch((error: unknown) => error);
    expect(value instanceof CodeError ? "undefined" : value).toBe("undefined");
  });

  test("code cannot reach the function that carries its lines out", async () => {
    const source = `
      const stolen = [];
      const call = Function.prototype.call;
      Function.prototype.call = Function.prototype.apply = function (...args) { stolen.push(this); return call.apply(this, args) };
      Reflect.apply = (f) => stolen.push(f);
      String.prototype.slice = function () { stolen.push(this); return "" };
      console.log("one");
      return stolen.length;`;
    const { value, printed } = await runCode(source, {}, options());
    expect(value).toBe(0);
    expect(printed).toEqual(["one"]);
  });

  test("closing the function that surrounds the code leads nowhere", async () => {
    expect(await valueOf("return 1 }), (async function () { return typeof process")).toBe("undefined");
  });

  test("keys named __proto__ pollute nothing, on either side", async () => {
    const variables = {
      input: JSON.parse(
        '{"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}}',
      ) as unknown,
    };
    const value = await valueOf(
      `const before = ({}).polluted; return { before: before === undefined, out: JSON.parse('{"__proto__": {"polluted": 2}}') };`,
      variables,
    );
    expect(value).toHaveProperty("before", true);
    expect({}).not.toHaveProperty("polluted");
    expect(Object.getPrototypeOf((value as { out: object }).out)).toBe(Object.prototype);
  });

  test("polluting every prototype changes neither the host nor a later call", async () => {
    const pollute = `
      for (const made of [Object, Array, Function, String, Number, Promise, Error, JSON, WeakMap])
        for (const target of [made, made.prototype].filter(Boolean)) target.polluted = 1;
      Object.prototype.toJSON = () => "tampered";
      JSON.parse = JSON.stringify = () => "tampered";
      globalThis.left = "behind";
      return {};`;
    expect(await valueOf(pollute)).toBe("tampered");
    expect(
      await valueOf("return [typeof left, typeof ({}).polluted, typeof Array.polluted, JSON.stringify([1])]"),
    ).toEqual(["undefined", "undefined", "undefined", "[1]"]);
    expect("polluted" in {}).toBe(false);
  });

  test("calls at the same time do not see each other", async () => {
    const source =
      "globalThis.mine = input; for (let i = 0; i < 5000; i++) await null; console.log(mine); return mine;";
    const results = await Promise.all(
      [1, 2, 3].map((input) => runCode(source, { input }, options({ cpuMs: 20_000 }))),
    );
    expect(results).toEqual([1, 2, 3].map((value) => ({ value, printed: [String(value)] })));
  });

  test.each([
    "JSON.stringify = () => '[['; WeakMap.prototype.get = WeakMap.prototype.set = () => { throw 1 }; return { a: 1 };",
    "Array.prototype[Symbol.iterator] = null; Object.keys = null; return { a: 1 };",
    "Promise.prototype.then = null; globalThis.Promise = null; return { a: 1 };",
    "Object.defineProperty(Object.prototype, 'get', { get() { throw 1 } }); return { a: 1 };",
  ])("tampering with the world does not change what %j gives", async (source) => {
    expect(await valueOf(source)).toEqual({ a: 1 });
  });

  test("a thenable result is what it settles to", async () => {
    expect(await valueOf("return { then(go) { go({ toJSON: () => ({ a: 1 }) }) } }")).toEqual({ a: 1 });
  });

  test("changing the variables changes nothing outside", async () => {
    const input = { list: [1] };
    await valueOf("input.list.push(2); input = null; return 1", { input });
    expect(input).toEqual({ list: [1] });
  });
});
