import { createHash } from "node:crypto";

const MODULUS = 2n ** 256n;

/** The count and the hash of a set of things, whatever their order: two databases need not sort alike. */
export interface Fingerprint {
  readonly count: number;
  readonly hash: string;
}

/** Counts things and sums their hashes up (SHA-256, modulo 2^256). */
export class FingerprintSum {
  #count = 0;
  #sum = 0n;

  add(text: string): void {
    this.#count += 1;
    this.#sum = (this.#sum + BigInt(`0x${sha256(text)}`)) % MODULUS;
  }

  total(): Fingerprint {
    return { count: this.#count, hash: this.#sum.toString(16).padStart(64, "0") };
  }
}

export const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** @throws when the two are not the same, and says of which part */
export function requireSame(part: string, source: Fingerprint, target: Fingerprint): void {
  if (source.count === target.count && source.hash === target.hash) return;
  throw new Error(
    `Both sides differ in ${part}: ${source.count} at the source, ${target.count} at the target${source.count === target.count ? ", with other content" : ""}. Nothing was switched; give the same command again.`,
  );
}
