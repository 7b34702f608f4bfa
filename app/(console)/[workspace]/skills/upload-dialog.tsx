"use client";
import { FileUp } from "#/app/_ui/icons.tsx";
import { useRouter } from "next/navigation";
import { type ComponentProps, useId, useState } from "react";
import { describeError } from "#/app/_ui/api-error.ts";
import { buttonLook } from "#/app/_ui/button.tsx";
import { Dialog } from "#/app/_ui/dialog.tsx";
import { Notice } from "#/app/_ui/notice.tsx";
import { toast } from "#/app/_ui/toast.ts";
import { useStoreSkill, useUploadSkill } from "../_data/skills.ts";
import { useWorkspacePath } from "../_shell/workspace-context.tsx";
import { readFolder } from "./read-folder.ts";

interface UploadDialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
}

/** Takes a skill as its folder, as the archive of it, or as its SKILL.md. */
export function UploadDialog({ open, onClose }: UploadDialogProps) {
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title="Upload a skill"
      description="Texts only, 100 files and 1 MB at most. A name that is there already gets its next version."
    >
      <Upload onClose={onClose} />
    </Dialog>
  );
}

/** Sends what was chosen, and tells why it cannot be taken. */
function useUpload(onClose: () => void) {
  const router = useRouter();
  const path = useWorkspacePath();
  const store = useStoreSkill();
  const send = useUploadSkill();
  const [problem, setProblem] = useState<string>();
  const upload = async (chosen: readonly File[]) => {
    setProblem(undefined);
    try {
      const [first] = chosen;
      const isArchive = chosen.length === 1 && first?.name.toLowerCase().endsWith(".zip");
      const stored = isArchive && first ? await send.mutateAsync(first) : await storeFolder(chosen);
      if ("problem" in stored) return setProblem(stored.problem);
      toast.success(`${stored.name}: version ${stored.version}`);
      onClose();
      return router.push(path("skills", stored.name));
    } catch (error) {
      return setProblem(describeError(error));
    }
  };
  const storeFolder = async (chosen: readonly File[]) => {
    const folder = await readFolder(chosen.map(nameFile));
    return folder.ok ? store.mutateAsync({ files: folder.files }) : folder;
  };
  return { upload, problem, isPending: store.isPending || send.isPending };
}

/** One file alone is the SKILL.md, whatever it is called. */
const nameFile = (file: File, _index: number, { length }: readonly File[]) => ({
  path: length === 1 ? "SKILL.md" : file.webkitRelativePath || file.name,
  size: file.size,
  bytes: async () => new Uint8Array(await file.arrayBuffer()),
});

function Upload({ onClose }: Pick<UploadDialogProps, "onClose">) {
  const { upload, problem, isPending } = useUpload(onClose);
  return (
    <div className="flex flex-col gap-3.5">
      <div className="flex flex-wrap gap-2">
        <FileButton
          label="Choose a zip or a SKILL.md"
          accept=".zip,.md"
          disabled={isPending}
          onFiles={upload}
        />
        {/* Known to all browsers under this name, and not to React's types. */}
        <FileButton
          label="Choose a folder"
          {...{ webkitdirectory: "" }}
          disabled={isPending}
          onFiles={upload}
        />
      </div>
      <div aria-live="polite">
        {isPending && <p className="text-muted-foreground">Storing…</p>}
        {problem !== undefined && (
          <Notice tone="bad" title="Couldn’t store the skill">
            {problem}
          </Notice>
        )}
      </div>
    </div>
  );
}

interface FileButtonProps extends ComponentProps<"input"> {
  readonly label: string;
  readonly onFiles: (files: readonly File[]) => Promise<void>;
}

/** A button that opens the browser's choice of files. */
function FileButton({ label, onFiles, ...props }: FileButtonProps) {
  const id = useId();
  return (
    <label
      htmlFor={id}
      className={buttonLook({
        className: "cursor-pointer focus-within:outline-2 focus-within:outline-accent",
      })}
    >
      <FileUp aria-hidden /> {label}
      <input
        {...props}
        id={id}
        type="file"
        className="sr-only"
        onChange={(event) => {
          // A choice is sent at once: nothing of it is left that closing the window could lose.
          event.stopPropagation();
          const { target } = event;
          void onFiles([...(target.files ?? [])]);
          // The same folder may be chosen again when it has been mended.
          target.value = "";
        }}
      />
    </label>
  );
}
