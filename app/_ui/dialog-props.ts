import type { ReactNode } from "react";

/** The properties of a window; apart from it, because `Dialog` loads the window when it opens. */
export interface DialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly description?: ReactNode;
  readonly wide?: boolean;
  /** Closed by its own buttons alone: it shows something that is not shown again. */
  readonly persistent?: boolean;
  readonly children: ReactNode;
}
