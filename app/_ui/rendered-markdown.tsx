"use client";
import { Streamdown } from "streamdown";

interface RenderedMarkdownProps {
  readonly text: string;
  readonly streaming: boolean;
}

/** The heavy part of Markdown. Import it lazily. */
export function RenderedMarkdown({ text, streaming }: RenderedMarkdownProps) {
  return (
    <div className="prose prose-sm max-w-none text-foreground prose-headings:mt-3 prose-headings:mb-1.5 prose-headings:text-foreground prose-p:my-1.5 prose-a:text-primary prose-strong:text-foreground prose-code:text-foreground prose-li:my-0.5 dark:prose-invert">
      <Streamdown mode={streaming ? "streaming" : "static"} parseIncompleteMarkdown={streaming} controls={false}>
        {text}
      </Streamdown>
    </div>
  );
}
