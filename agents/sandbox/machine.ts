import type { QuickJSContext, QuickJSRuntime } from "quickjs-emscripten-core";

/** An empty JavaScript world of its own, with its own memory. */
export interface Machine {
  readonly runtime: QuickJSRuntime;
  readonly context: QuickJSContext;
  /** The most bytes that its memory has ever had. */
  readonly memoryBytes: () => number;
}

/** QuickJS counts what it hands out, not what the heap loses between the pieces: with 64 MB allowed, a long chain of `bind` made a heap of 1.2 GB. */
const HEAP_PER_OBJECT_BYTE = 2;
const EMPTY_HEAP_BYTES = 16 * 1024 * 1024;
const PAGE_BYTES = 64 * 1024;

/**
 * V8 needs stack for what QuickJS does, too: with more than this, deep recursion ends in V8's own RangeError (which ends the call in
 * good order, but without a line). A small function can call itself 1485 times.
 */
const STACK_BYTES = 256 * 1024;

/**
 * A new instance of the WebAssembly module for every call, never a shared one: two calls have no byte in common, even if QuickJS has a bug,
 * and nothing has to be put in order after a call that was stopped by force. The instance is dropped as a whole; disposing of it would walk
 * all its objects, within no time limit.
 *
 * Loading the interpreter (0.8 MB of script with the WASM in it: no file beside it that a bundler could lose) takes 30 to 40 ms, once and only
 * where code is run; an instance 4 ms (Node 24, two busy cores).
 */
export async function startMachine(memoryBytes: number): Promise<Machine> {
  const [{ newQuickJSWASMModuleFromVariant }, { default: variant }] = await Promise.all([
    import("quickjs-emscripten-core"),
    import("@jitl/quickjs-singlefile-mjs-release-sync"),
  ]);
  const instance = await newQuickJSWASMModuleFromVariant(variant);
  const memory = instance.getWasmMemory();
  limitGrowth(memory, EMPTY_HEAP_BYTES + HEAP_PER_OBJECT_BYTE * memoryBytes);
  const runtime = instance.newRuntime();
  runtime.setMemoryLimit(memoryBytes);
  runtime.setMaxStackSize(STACK_BYTES);
  return { runtime, context: runtime.newContext(), memoryBytes: () => memory.buffer.byteLength };
}

/** The interpreter grows its memory through this method, and takes an exception for "there is no more". */
function limitGrowth(memory: WebAssembly.Memory, mostBytes: number): void {
  const grow = memory.grow.bind(memory);
  memory.grow = (pages) => {
    if (memory.buffer.byteLength + pages * PAGE_BYTES > mostBytes) throw new RangeError("no more memory");
    return grow(pages);
  };
}
