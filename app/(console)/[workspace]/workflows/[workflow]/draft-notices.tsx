import type { Workflow } from "#/operations/workflows/contract.ts";
import { Button } from "#/app/_ui/button.tsx";
import { CopyButton } from "#/app/_ui/copy-button.tsx";
import { Notice } from "#/app/_ui/notice.tsx";

interface DraftNoticesProps {
  readonly text: string;
  readonly isRestored: boolean;
  /** The newer draft that somebody else has saved. */
  readonly conflict: Workflow | undefined;
  readonly onReplace: (revision: number) => void;
  readonly onLoad: () => void;
}

/** What is special about the text in the editor, and the choices there are. */
export function DraftNotices({ text, isRestored, conflict, onReplace, onLoad }: DraftNoticesProps) {
  if (conflict) {
    const actions = (
      <>
        <Button onClick={onLoad}>Load newer draft</Button>
        <Button variant="danger" onClick={() => onReplace(conflict.revision)}>
          Overwrite with mine
        </Button>
        <CopyButton text={text} what="your text" />
      </>
    );
    return (
      <Notice
        tone="warn"
        title="This draft was changed by someone else or in another tab"
        actions={actions}
        className="m-3"
      >
        Your text isn’t saved yet. Loading the newer draft discards your changes.
      </Notice>
    );
  }
  if (!isRestored) return null;
  return (
    <Notice
      tone="info"
      title="Your unsaved changes are still here"
      actions={<Button onClick={onLoad}>Discard my changes</Button>}
      className="m-3"
    >
      They were kept in this browser when you left the page.
    </Notice>
  );
}
