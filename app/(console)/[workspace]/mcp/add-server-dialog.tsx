"use client";
import { useState } from "react";
import { Dialog } from "#/app/_ui/dialog.tsx";
import type { McpPreset } from "#/operations/mcp-servers/contract.ts";
import { AddServerForm } from "./add-server-form.tsx";
import { PresetList } from "./preset-list.tsx";

interface AddServerDialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
}

/** Asks which server, then for what it needs. */
export function AddServerDialog({ open, onClose }: AddServerDialogProps) {
  return (
    <Dialog open={open} onClose={onClose} title="Add MCP server" wide>
      <Adding onClose={onClose} />
    </Dialog>
  );
}

/** `own`: a server that is in no list. */
type Choice = McpPreset | "own";

function Adding({ onClose }: { readonly onClose: () => void }) {
  const [choice, setChoice] = useState<Choice>();
  if (choice === undefined) return <PresetList onChoose={setChoice} onOwn={() => setChoice("own")} />;
  return (
    <AddServerForm
      preset={choice === "own" ? undefined : choice}
      onBack={() => setChoice(undefined)}
      onAdded={onClose}
    />
  );
}
