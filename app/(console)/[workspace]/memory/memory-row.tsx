"use client";
import { Pencil, Trash2 } from "#/app/_ui/icons.tsx";
import { RowLink } from "#/app/_ui/row-link.tsx";
import { Badge } from "#/app/_ui/badge.tsx";
import { Button } from "#/app/_ui/button.tsx";
import { RelativeTime } from "#/app/_ui/time.tsx";
import type { Memory } from "#/operations/memories/contract.ts";
import { useWorkspacePath } from "../_shell/workspace-context.tsx";
import { SCOPE_WORDS } from "./memory-words.ts";

interface MemoryRowProps {
  readonly memory: Memory;
  readonly onEdit?: () => void;
  readonly onDelete?: () => void;
}

/** One fact: what it says, whom it is about, who shares it, since when, and the run that has learned it. */
export function MemoryRow({ memory, onEdit, onDelete }: MemoryRowProps) {
  const { text, subject, scope, agent, importance } = memory;
  return (
    <li className="flex items-start gap-3 px-4 py-2.5">
      <div className="min-w-0 flex-1">
        <p className="break-words">{text}</p>
        <div className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-muted-foreground">
          {subject !== "" && (
            <Badge>
              <span className="max-w-48 truncate">{subject}</span>
            </Badge>
          )}
          <span>{agent === null ? SCOPE_WORDS[scope] : `Agent ${agent}`}</span>
          <span>Importance {importance}</span>
          <Validity memory={memory} />
        </div>
      </div>
      {onEdit && (
        <Button variant="ghost" size="icon" aria-label={`Edit: ${text}`} onClick={onEdit}>
          <Pencil aria-hidden />
        </Button>
      )}
      {onDelete && (
        <Button variant="ghost" size="icon" aria-label={`Delete: ${text}`} onClick={onDelete}>
          <Trash2 aria-hidden />
        </Button>
      )}
    </li>
  );
}

function Validity({ memory: { validFrom, validUntil, sourceRunId } }: Pick<MemoryRowProps, "memory">) {
  const path = useWorkspacePath();
  return (
    <>
      <span>
        Since <RelativeTime at={validFrom} />
        {validUntil !== null && (
          <>
            {", until "}
            <RelativeTime at={validUntil} />
          </>
        )}
      </span>
      {sourceRunId !== null && (
        <RowLink
          href={path("runs", sourceRunId)}
          className="inline-flex items-center touch-target hover:underline"
        >
          Its run
        </RowLink>
      )}
    </>
  );
}
