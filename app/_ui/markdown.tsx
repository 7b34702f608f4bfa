"use client";
import { lazy, Suspense } from "react";
import { useHydrated } from "#/app/_ui/use-hydrated.ts";

/** Loaded when the first text is shown: it is larger than the rest of the console. */
const Rendered = lazy(() =>
  import("#/app/_ui/rendered-markdown.tsx").then(({ RenderedMarkdown }) => ({ default: RenderedMarkdown })),
);

interface MarkdownProps {
  readonly text: string;
  /** More is coming: unfinished marks are closed for now. */
  readonly streaming?: boolean;
}

/** Text as models write it; plain until the renderer is there, which the server never loads. */
export function Markdown({ text, streaming = false }: MarkdownProps) {
  const plain = <p className="text-sm break-words whitespace-pre-wrap">{text}</p>;
  if (!useHydrated()) return plain;
  return (
    <Suspense fallback={plain}>
      <Rendered text={text} streaming={streaming} />
    </Suspense>
  );
}
