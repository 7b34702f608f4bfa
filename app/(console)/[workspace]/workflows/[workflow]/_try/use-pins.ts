import { useState } from "react";
import { useKept } from "#/app/_ui/use-kept.ts";
import { useWorkspace } from "../../../_shell/workspace-context.tsx";
import type { Pins } from "./pins.ts";
import { isJsonObject, type JsonObject } from "#/lib/json-object.ts";

export function usePins(workflowId: string): Pins {
  const [values, setValues] = useState<JsonObject>({});
  const { personId } = useWorkspace();
  const isEmpty = Object.keys(values).length === 0;
  useKept(`pins:${personId}:${workflowId}`, isEmpty ? undefined : values, (kept) => {
    if (isJsonObject(kept)) setValues(kept);
  });
  return { values, pin: (step, output) => setValues((before) => withPin(before, step, output)) };
}

function withPin(before: JsonObject, step: string, output: unknown): JsonObject {
  const { [step]: _gone, ...others } = before;
  return output === undefined ? others : { ...others, [step]: output };
}
