"use client";
import { lazy, Suspense } from "react";
import { Citation } from "#/app/_ui/citation.tsx";
import { splitAtCitations } from "#/app/_ui/citations.ts";
import { PROSE } from "#/app/_ui/prose.ts";
import { useHydrated } from "#/app/_ui/use-hydrated.ts";

/** Loaded when the first text is shown: it is larger than the rest of the console. Where it does not come, without a network, the text stays plain. */
const Rendered = lazy(async () => {
  const { RenderedMarkdown } = await import("#/app/_ui/rendered-markdown.tsx").catch(() => ({
    RenderedMarkdown: PlainText,
  }));
  return { default: RenderedMarkdown };
});

interface MarkdownProps {
  readonly text: string;
  /** More is coming: unfinished marks are closed for now. */
  readonly streaming?: boolean;
}

/** Text as models write it; plain until the renderer is there, which the server never loads. */
export function Markdown({ text, streaming = false }: MarkdownProps) {
  const plain = <PlainText text={text} />;
  if (!useHydrated()) return plain;
  return (
    <Suspense fallback={plain}>
      <Rendered text={text} streaming={streaming} />
    </Suspense>
  );
}

/** What Streamdown puts around its text, word for word: the spaces between paragraphs are the same. */
const SPACES = "space-y-4 whitespace-normal [&>*:first-child]:mt-0 [&>*:last-child]:mb-0";

/** The paragraphs of a text and the sources they name, as they stand there. */
function PlainText({ text }: Pick<MarkdownProps, "text">) {
  return (
    <div className={PROSE}>
      <div className={SPACES}>
        {text.split(/\n{2,}/).map((paragraph, place) => (
          // oxlint-disable-next-line react/no-array-index-key -- paragraphs have nothing but their place.
          <p key={place} className="break-words whitespace-pre-wrap">
            {splitAtCitations(paragraph).map((part, order) =>
              typeof part === "string" ? (
                part
              ) : (
                // oxlint-disable-next-line react/no-array-index-key -- nor have citations.
                <Citation key={order} {...part}>
                  {part.document}#{part.passage}
                </Citation>
              ),
            )}
          </p>
        ))}
      </div>
    </div>
  );
}
