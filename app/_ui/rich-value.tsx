import { JsonView } from "#/app/_ui/json-view.tsx";
import { Markdown } from "#/app/_ui/markdown.tsx";

interface RichValueProps {
  readonly value: unknown;
  readonly what: string;
}

/** A value as people want to read it: text as text, everything else as a tree. */
export function RichValue({ value, what }: RichValueProps) {
  return typeof value === "string" ? <Markdown text={value} /> : <JsonView value={value} what={what} />;
}
