/** The look of written text, as it arrives and as Markdown: nothing moves when one takes the place of the other. Streamdown brings sizes of its own; a title inside a card is not a page's title. */
export const PROSE =
  "[&_h1]:text-lg! [&_h2]:text-base! [&_h3]:text-sm! [&_ol]:list-outside! [&_ol]:pl-5! [&_ul]:list-outside! [&_ul]:pl-5! prose prose-sm max-w-none text-foreground prose-headings:mt-3 prose-headings:mb-1.5 prose-headings:text-foreground prose-p:my-1.5 prose-a:text-primary prose-strong:text-foreground prose-code:text-foreground prose-li:my-0.5 dark:prose-invert";
