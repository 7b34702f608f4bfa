"use client";
import { Streamdown } from "streamdown";
import { Citation } from "#/app/_ui/citation.tsx";
import { markCitations } from "#/app/_ui/citations.ts";
import { PROSE } from "#/app/_ui/prose.ts";

interface RenderedMarkdownProps {
  readonly text: string;
  readonly streaming: boolean;
}

const CITATION = { citation: ["document", "passage"] };
const COMPONENTS = { citation: Citation };

/** The heavy part of Markdown. Import it lazily. */
export function RenderedMarkdown({ text, streaming }: RenderedMarkdownProps) {
  return (
    <div className={PROSE}>
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
