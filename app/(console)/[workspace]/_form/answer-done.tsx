"use client";
import { Button, buttonLook } from "#/app/_ui/button.tsx";
import { DialogActions } from "#/app/_ui/dialog.tsx";
import { useFormPlace } from "../_shell/workspace-context.tsx";

interface AnswerDoneProps {
  /** The page and the place on it where what was made stands, such as `settings#api-keys`. */
  readonly home: string;
  /** Absent where there is no window. */
  readonly onClose: (() => void) | undefined;
  readonly children: string;
}

/** Ends what an answer tells once: closes its window, or on the plain page leads to the page as it is now. */
export function AnswerDone({ home, onClose, children }: AnswerDoneProps) {
  // With a query, though an empty one: else a browser stays at the answer, and only scrolls.
  const address = useFormPlace(home.replace("#", "?#"));
  return (
    <DialogActions>
      {onClose ? (
        <Button variant="primary" onClick={onClose}>
          {children}
        </Button>
      ) : (
        <a href={address} className={buttonLook({ variant: "primary" })}>
          {children}
        </a>
      )}
    </DialogActions>
  );
}
