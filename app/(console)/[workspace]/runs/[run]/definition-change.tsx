"use client";
import { useRef } from "react";
import { Card } from "#/app/_ui/card.tsx";
import { Notice } from "#/app/_ui/notice.tsx";
import type { CheckedText } from "../../_definition/check-text.ts";
import { CodeArea, goToLine } from "../../_definition/code-area.tsx";
import { ProblemList } from "../../_definition/problem-list.tsx";
import { listLines } from "../../_definition/use-check.ts";

interface DefinitionChangeProps {
  readonly text: string;
  readonly onChange: (text: string) => void;
  readonly checked: CheckedText | undefined;
  /** The step that the new run begins with. */
  readonly step: string;
}

/** The definition of one new run, checked while it is written. */
export function DefinitionChange({ text, onChange, checked, step }: DefinitionChangeProps) {
  const area = useRef<HTMLTextAreaElement>(null);
  const onGo = (line: number) => area.current && goToLine(area.current, line);
  const isGone = checked?.problems.length === 0 && checked.steps?.includes(step) === false;
  return (
    <div className="flex flex-col gap-3">
      <p className="text-xs text-muted-foreground">
        Applies to the new run only. The workflow, its draft and its versions stay unchanged.
      </p>
      <Card className="overflow-hidden">
        <CodeArea
          ref={area}
          label="Definition of the new run (YAML or JSON)"
          value={text}
          onChange={onChange}
          marked={listLines(checked?.problems)}
          className="h-64"
        />
      </Card>
      {isGone && (
        <Notice tone="bad" title={`Step “${step}” is missing`}>
          The new run starts with this step, so the definition must keep it.
        </Notice>
      )}
      <ProblemList
        praise="No errors. The new run can use this definition."
        problems={checked?.problems}
        warnings={[]}
        onGo={onGo}
      />
    </div>
  );
}
