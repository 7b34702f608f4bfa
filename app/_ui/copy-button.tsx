"use client";
import { Check, Copy } from "#/app/_ui/icons.tsx";
import { useState } from "react";
import { Button } from "#/app/_ui/button.tsx";

const SHOWN_MS = 1_600;

interface CopyButtonProps {
  readonly text: string;
  /** The name of what is copied: "curl command". */
  readonly what: string;
  /** Show the word beside the icon. */
  readonly labelled?: boolean;
}

export function CopyButton({ text, what, labelled = false }: CopyButtonProps) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), SHOWN_MS);
  };
  const Icon = copied ? Check : Copy;
  return (
    <Button
      variant="ghost"
      size={labelled ? "sm" : "icon"}
      className="noscript:hidden"
      aria-label={copied ? "Copied" : `Copy ${what}`}
      onClick={() => void copy()}
    >
      <Icon aria-hidden />
      {labelled && (copied ? "Copied" : "Copy")}
    </Button>
  );
}
