import { JsonView } from "#/app/_ui/json-view.tsx";
import { Markdown } from "#/app/_ui/markdown.tsx";

interface RichValueProps {
  readonly value: unknown;
  readonly what: string;
  /** It stands in a box already. */
  readonly isBare?: boolean;
}

const isWords = (value: unknown): value is readonly string[] =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every((item) => typeof item === "string" && item.length < 80);

/** A value as people want to read it: text as text, words as a list of each of them once, everything else as a tree. */
export function RichValue({ value, what, isBare = false }: RichValueProps) {
  if (typeof value === "string") return <Markdown text={value} />;
  if (!isWords(value)) return <JsonView value={value} what={what} isBare={isBare} />;
  return (
    <ul className="flex flex-wrap gap-1.5">
      {[...new Set(value)].map((word) => (
        <li key={word} className="rounded border border-border bg-muted px-1.5 py-0.5 font-mono text-xs">
          {word}
        </li>
      ))}
    </ul>
  );
}
