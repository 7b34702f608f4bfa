"use client";
import { useState } from "react";
import { Dialog } from "#/app/_ui/dialog.tsx";
import { toast } from "#/app/_ui/toast.ts";
import { useImportTools } from "../_data/tools.ts";
import { ImportChoice } from "./import-choice.tsx";
import { EMPTY_SOURCE, type ImportSource, ImportSourceForm } from "./import-source.tsx";

interface ImportDialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  /** The details of the document that an earlier import has left. */
  readonly source?: Partial<ImportSource>;
}

/** Makes operations of an OpenAPI document tools, and takes in what the document says otherwise later. */
export function ImportDialog({ open, onClose, source }: ImportDialogProps) {
  return (
    <Dialog
      open={open}
      onClose={onClose}
      wide
      title={source ? `Refresh ${source.prefix}` : "Import OpenAPI"}
      description="Operations of a server become tools. Those that read are called at once, all others ask first."
    >
      <ImportSteps source={{ ...EMPTY_SOURCE, ...source }} onClose={onClose} />
    </Dialog>
  );
}

interface ImportStepsProps {
  readonly source: ImportSource;
  readonly onClose: () => void;
}

/** First the document, then what to take of it. */
function ImportSteps({ source: initial, onClose }: ImportStepsProps) {
  const [source, setSource] = useState(initial);
  const look = useImportTools();
  const take = useImportTools();
  if (!look.data)
    return (
      <ImportSourceForm
        source={source}
        pending={look.isPending}
        error={look.error}
        onChange={setSource}
        onSubmit={(body) => look.mutate(body)}
        onCancel={onClose}
      />
    );
  const asked = look.variables;
  return (
    <ImportChoice
      found={look.data}
      pending={take.isPending}
      error={take.error}
      onBack={() => (take.reset(), look.reset())}
      onTake={(choice) =>
        take.mutate(
          { ...asked, ...choice },
          {
            onSuccess: ({ created, updated, removed }) => {
              toast.success(writeOutcome(created.length, updated.length, removed.length));
              onClose();
            },
          },
        )
      }
    />
  );
}

function writeOutcome(created: number, updated: number, removed: number): string {
  const parts = [
    created > 0 && `${created} imported`,
    updated > 0 && `${updated} changed`,
    removed > 0 && `${removed} deleted`,
  ].filter((part) => part !== false);
  return parts.length === 0 ? "Nothing changed" : `Tools: ${parts.join(", ")}`;
}
