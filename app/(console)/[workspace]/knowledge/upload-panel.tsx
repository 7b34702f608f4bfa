"use client";
import { FileUp, ClipboardPaste } from "#/app/_ui/icons.tsx";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import { toast } from "#/app/_ui/toast.ts";
import { describeError } from "#/app/_ui/api-error.ts";
import { Button } from "#/app/_ui/button.tsx";
import { cn } from "#/app/_ui/class-names.ts";
import { useUpload } from "../_data/documents.ts";
import { PasteDialog } from "./paste-dialog.tsx";
import { ProgressBar } from "#/app/_ui/progress-bar.tsx";

const ACCEPTED = ".txt,.md,.html,.htm,.pdf,.docx,.csv,.png,.jpg,.jpeg,.gif,.webp";

interface Upload {
  readonly id: string;
  readonly name: string;
  /** 0 to 1 */
  readonly part: number;
}

/** Sends files one after the other and tells how far each is. */
function useUploads() {
  const upload = useUpload();
  const [uploads, setUploads] = useState<readonly Upload[]>([]);
  const setPart = (id: string, part: number) =>
    setUploads((all) => all.map((one) => (one.id === id ? Object.assign({}, one, { part }) : one)));

  const send = async (files: readonly File[]) => {
    const waiting = files.map((file) => ({ file, id: crypto.randomUUID() }));
    setUploads((all) => [...all, ...waiting.map(({ file, id }) => ({ id, name: file.name, part: 0 }))]);
    for (const { file, id } of waiting) {
      try {
        await upload(file, (part) => setPart(id, part));
      } catch (error) {
        toast.error(`${file.name}: ${describeError(error)}`);
      }
      setUploads((all) => all.filter((one) => one.id !== id));
    }
  };
  return { uploads, send };
}

/** Takes files that are dropped anywhere on the page. @returns whether some are being held over it */
function useDroppedFiles(onFiles: (files: readonly File[]) => Promise<void>): boolean {
  const [over, setOver] = useState(false);
  const take = useEffectEvent((event: DragEvent) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    setOver(event.type === "dragover");
    if (event.type === "drop") void onFiles([...event.dataTransfer.files]);
  });
  useEffect(() => {
    const listener = (event: DragEvent) => take(event);
    const names = ["dragover", "dragleave", "drop"] as const;
    for (const name of names) addEventListener(name, listener);
    return () => {
      for (const name of names) removeEventListener(name, listener);
    };
  }, []);
  return over;
}

/** The way in for documents: drop them, choose them, or paste text. */
export function UploadPanel() {
  const { uploads, send } = useUploads();
  const over = useDroppedFiles(send);
  const [pasting, setPasting] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  return (
    <section
      aria-label="Add documents"
      className={cn(
        "rounded-lg border border-dashed border-input bg-card p-5 text-center",
        over && "border-primary bg-primary/5",
      )}
    >
      <p className="font-medium">Drop files here</p>
      <p className="mb-3 text-xs text-muted-foreground">Text, Markdown, HTML, PDF, Word, CSV, images</p>
      <div className="flex flex-wrap justify-center gap-2">
        <Button onClick={() => input.current?.click()}>
          <FileUp aria-hidden /> Choose files
        </Button>
        <Button onClick={() => setPasting(true)}>
          <ClipboardPaste aria-hidden /> Paste text
        </Button>
      </div>
      <input
        ref={input}
        type="file"
        multiple
        accept={ACCEPTED}
        aria-label="Files to add"
        tabIndex={-1}
        className="sr-only"
        onChange={({ target }) => {
          void send([...(target.files ?? [])]);
          target.value = "";
        }}
      />
      <Uploads uploads={uploads} />
      <PasteDialog open={pasting} onClose={() => setPasting(false)} />
    </section>
  );
}

function Uploads({ uploads }: { readonly uploads: readonly Upload[] }) {
  if (uploads.length === 0) return null;
  return (
    <ul className="mt-4 flex flex-col gap-2 text-left">
      {uploads.map(({ id, name, part }) => (
        <li key={id}>
          <p className="truncate text-xs">{name}</p>
          <ProgressBar label={`Uploading ${name}`} part={part} />
        </li>
      ))}
    </ul>
  );
}
