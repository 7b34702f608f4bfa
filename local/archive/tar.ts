/** One file of an archive. Small enough for memory: large things come in pieces. */
export interface Entry {
  readonly name: string;
  readonly bytes: Buffer;
}

const BLOCK = 512;
const LONGEST_NAME = 100;
/** Nothing that we write is as large; a size beyond it is not ours. */
const LARGEST_ENTRY = 1_073_741_824;

/** Writes entries as a plain tar archive, which every `tar` unpacks. */
export async function* writeTar(entries: AsyncIterable<Entry>): AsyncGenerator<Buffer> {
  for await (const { name, bytes } of entries) {
    yield tarHead(name, bytes.length);
    yield bytes;
    yield Buffer.alloc(padding(bytes.length));
  }
  yield Buffer.alloc(2 * BLOCK);
}

/** Reads what `writeTar` writes, one entry at a time. @throws when the archive ends early or is something else */
export async function* readTar(chunks: AsyncIterable<Buffer>): AsyncGenerator<Entry> {
  const take = takeFrom(chunks);
  for (;;) {
    const head = await take(BLOCK);
    if (head[0] === 0) return;
    const { name, size } = readHead(head);
    const bytes = await take(size);
    await take(padding(size));
    yield { name, bytes };
  }
}

const padding = (size: number) => (BLOCK - (size % BLOCK)) % BLOCK;

function tarHead(name: string, size: number): Buffer {
  if (Buffer.byteLength(name) > LONGEST_NAME) throw new Error(`The name ${name} is too long for an archive.`);
  const head = Buffer.alloc(BLOCK);
  head.write(name, 0);
  head.write("0000600\0", 100);
  head.write("0000000\0", 108);
  head.write("0000000\0", 116);
  head.write(`${size.toString(8).padStart(11, "0")}\0`, 124);
  head.write(`${"0".repeat(11)}\0`, 136);
  head.write("0", 156);
  head.write("ustar\u000000", 257);
  head.write(`${checksum(head).toString(8).padStart(6, "0")}\0 `, 148);
  return head;
}

/** The sum of all bytes, with the eight of the sum itself taken for spaces. */
function checksum(head: Buffer): number {
  return head.reduce((sum, byte, at) => sum + (at >= 148 && at < 156 ? 32 : byte), 0);
}

function readHead(head: Buffer): { readonly name: string; readonly size: number } {
  const text = (from: number, to: number) => head.toString("utf8", from, to).replace(/\0.*$/s, "");
  const size = Number.parseInt(text(124, 136), 8);
  const isOurs = Number.parseInt(text(148, 156), 8) === checksum(head) && size <= LARGEST_ENTRY;
  if (!isOurs) throw new Error("A part of the archive cannot be read: it is damaged.");
  return { name: text(0, LONGEST_NAME), size };
}

/** Returns a function that gives the next so many bytes. */
function takeFrom(chunks: AsyncIterable<Buffer>): (size: number) => Promise<Buffer> {
  const source = chunks[Symbol.asyncIterator]();
  let held: Buffer[] = [];
  let size = 0;
  return async (wanted) => {
    while (size < wanted) {
      const next = await source.next();
      if (next.done === true) throw new Error("The archive ends too early: a part of it is missing.");
      held.push(next.value);
      size += next.value.length;
    }
    const [first = Buffer.alloc(0), ...others] = held;
    const whole = others.length === 0 ? first : Buffer.concat(held);
    held = [whole.subarray(wanted)];
    size -= wanted;
    return whole.subarray(0, wanted);
  };
}
