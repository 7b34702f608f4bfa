import { type RefObject, useEffect, useState } from "react";

interface Visible {
  readonly first: number;
  /** One past the last. */
  readonly end: number;
}

/** The rows that are drawn before anybody knows how high the window is. */
const AT_FIRST: Visible = { first: 0, end: 48 };
/** Rows beyond the edges, so that scrolling shows no holes; the range moves by as many at once. */
const BEYOND = 12;

/** The rows of a long list that have to be drawn: those in view and some around them. */
export function useVisibleRows(scroller: RefObject<HTMLElement | null>, rowHeight: () => number): Visible {
  const [visible, setVisible] = useState(AT_FIRST);
  useEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    const look = () => {
      const height = rowHeight();
      const top = Math.floor(element.scrollTop / height / BEYOND) * BEYOND;
      const first = Math.max(0, top - BEYOND);
      const end = top + Math.ceil(element.clientHeight / height / BEYOND) * BEYOND + 2 * BEYOND;
      setVisible((now) => (now.first === first && now.end === end ? now : { first, end }));
    };
    look();
    const observer = new ResizeObserver(look);
    observer.observe(element);
    element.addEventListener("scroll", look, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", look);
    };
  }, [scroller, rowHeight]);
  return visible;
}
