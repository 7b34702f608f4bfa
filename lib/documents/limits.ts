/** The most that one document may cost. Beyond a limit the document is refused with the reason; nothing is cut off silently. */
export const DOCUMENT_LIMITS = {
  /** Vercel takes 4.5 MB in a request. */
  fileBytes: 4_000_000,
  /** Of the texts in an archive, as a Word document is one: 4 MB of zip can hold 4 GB. */
  unpackedBytes: 64_000_000,
  textCharacters: 12_000_000,
  /** Building the tree of a page is quadratic in its depth: 0.7 s at 50,000 elements, minutes at 800,000. */
  nestedElements: 50_000,
  /** About 18 MB of prose, or 300 supersteps of embedding. */
  passages: 20_000,
  /** The longest ordinary documents of 4 MB take a few seconds. */
  readingMs: 15_000,
  /** Together well within the 1,024 MB of a function. */
  heapMegabytes: 384,
  bufferMegabytes: 256,
} as const;
