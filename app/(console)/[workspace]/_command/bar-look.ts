/** The look of the bar, which is drawn before it is loaded too: nothing moves when it is. */

/** The place of the bar: the whole width on a phone, else some way from above. */
export const BAR_PLACE = "fixed inset-0 z-50 flex items-start justify-center p-2 md:px-4 md:pt-28";

export const BAR_WINDOW =
  "flex max-h-[calc(100dvh-1rem)] w-full max-w-170 flex-col overflow-hidden rounded-frame border border-line-2 bg-raised shadow-high outline-none md:max-h-[min(34rem,calc(100dvh-9rem))]";

export const BAR_HEAD = "flex h-13 shrink-0 items-center gap-3 border-b border-line px-4";

export const BAR_FIELD =
  "h-full min-w-0 flex-1 bg-transparent text-base tracking-tight outline-none placeholder:text-ink-3";

export const BAR_HINT = "Find or do";
