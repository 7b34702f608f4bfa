import { useEffect, useEffectEvent } from "react";
import { create } from "zustand";
import type { Command } from "./command.ts";

/** The bar while it is open. */
interface Opening {
  /** The page's own commands: those of parts that come later are added. */
  readonly offered: readonly Command[];
  /** The element that had the focus, and gets it again. */
  readonly from: HTMLElement | undefined;
}

interface BarState {
  readonly opening: Opening | undefined;
  /** The workflow that a run is to be started of. */
  readonly starting: string | undefined;
  readonly open: () => void;
  readonly close: () => void;
  readonly startRun: (workflowId: string | undefined) => void;
}

/** The parts of the page that offer commands. They are asked when the bar opens, so that nothing is made anew with each rendering. */
const offers = new Set<() => readonly Command[]>();

const readOffers = (): readonly Command[] => [...offers].flatMap((read) => read());

/** The element that has the focus; the page itself is none. */
function findFocused(): HTMLElement | undefined {
  const { activeElement, body } = document;
  return activeElement instanceof HTMLElement && activeElement !== body ? activeElement : undefined;
}

/** The command bar: whether it is open, and over what. */
export const useCommandBar = create<BarState>()((set) => ({
  opening: undefined,
  starting: undefined,
  open: () =>
    set({
      opening: {
        offered: readOffers(),
        from: findFocused(),
      },
    }),
  close: () => set({ opening: undefined }),
  startRun: (starting) => set({ starting }),
}));

/** Somebody may have opened the bar before the page was there. */
function readAgain(): void {
  const { opening } = useCommandBar.getState();
  if (opening) useCommandBar.setState({ opening: { ...opening, offered: readOffers() } });
}

/** Offers commands in the bar while a part of a page is there. */
export function useCommands(commands: readonly Command[]): void {
  const read = useEffectEvent(() => commands);
  useEffect(() => {
    const offer = () => read();
    offers.add(offer);
    readAgain();
    return () => {
      offers.delete(offer);
      readAgain();
    };
  }, []);
}
