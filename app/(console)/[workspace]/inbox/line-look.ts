/** The look of a line of the inbox: its glyph, what it says, and a time. */
export const LINE =
  "grid min-h-16 w-full grid-cols-[1rem_minmax(0,1fr)_auto] items-start gap-x-3 px-4 py-3 text-left -outline-offset-2 hover:bg-hover md:px-5";

/** The look of the name of a group of lines. */
export const GROUP_NAME = "px-4 pt-4 pb-1 text-2xs font-medium text-ink-3 md:px-5";
