"use client";
import { useState } from "react";
import { Button } from "#/app/_ui/button.tsx";
import type { Tool } from "#/operations/tools/contract.ts";
import { ImportDialog } from "../import-dialog.tsx";
import type { DeclaredTool } from "../tool-draft.ts";

/** Reads the document again that an imported tool is from, with all that was imported beside it. */
export function RefreshImport({
  tool,
  request,
}: {
  readonly tool: Tool;
  readonly request: DeclaredTool["request"];
}) {
  const [isOpen, setIsOpen] = useState(false);
  const [prefix = ""] = tool.name.split("__");
  return (
    <>
      <Button onClick={() => setIsOpen(true)}>Refresh import</Button>
      <ImportDialog
        open={isOpen}
        onClose={() => setIsOpen(false)}
        source={{ prefix, url: tool.importedFrom ?? "", connection: request.connection ?? "" }}
      />
    </>
  );
}
