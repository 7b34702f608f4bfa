"use client";
import { Streamdown } from "streamdown";
import { Citation } from "#/app/_ui/citation.tsx";
import { markCitations } from "#/app/_ui/citations.ts";

interface RenderedMarkdownProps {
  readonly text: string;
  readonly streaming: boolean;
}

const CITATION = { citation: ["document", "passage"] };
const COMPONENTS = { citation: Citation };

/** The heavy part of Markdown. Import it lazily. */
export function RenderedMarkdown({ text, streaming }: RenderedMarkdownProps) {
  return (
    // Streamdown brings sizes of its own; a title inside a card is not a page's title.
    <div className="[&_h1]:text-lg! [&_h2]:text-base! [&_h3]:text-sm! [&_ol]:list-outside! [&_ol]:pl-5! [&_ul]:list-outside! [&_ul]:pl-5! prose prose-sm max-w-none text-foreground prose-headings:mt-3 prose-headings:mb-1.5 prose-headings:text-foreground prose-p:my-1.5 prose-a:text-primary prose-strong:text-foreground prose-code:text-foreground prose-li:my-0.5 dark:prose-invert">
      <Streamdown
        mode={streaming ? "streaming" : "static"}
        parseIncompleteMarkdown={streaming}
        controls={false}
        allowedTags={CITATION}
        components={COMPONENTS}
      >
        {markCitations(text)}
      </Streamdown>
    </div>
  );
}
