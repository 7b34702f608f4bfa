import { valuesRule } from "#/agents/definition/schema/decision-rule.ts";
import type { FormDraft, SchemaField } from "#/app/_ui/schema-fields.ts";
import { readForm } from "#/app/_ui/schema-reader.ts";

/** A decision as both doors of the server take it. */
export interface MadeDecision {
  readonly action: string;
  readonly values?: Readonly<Record<string, unknown>>;
  readonly comment?: string;
}

/** A decision as it is typed. */
export interface DecisionDraft {
  readonly actions: readonly string[];
  readonly fields: readonly SchemaField[];
  readonly typed: FormDraft;
  readonly comment: string;
}

export type ReadDecision =
  | { readonly ok: true; readonly decision: MadeDecision }
  | { readonly ok: false; readonly errors: Readonly<Record<string, string>> };

const isTyped =
  ({ typed }: DecisionDraft) =>
  ({ name, initial }: SchemaField) =>
    (typed[name] ?? "") !== initial;

/** Returns whether anything differs from what the form held at first. */
export function isChanged(draft: DecisionDraft): boolean {
  return draft.fields.some(isTyped(draft));
}

/** Counts the fields that differ from what the form held at first. */
export function countChanges(draft: DecisionDraft): number {
  return draft.fields.filter(isTyped(draft)).length;
}

/** Reads what was typed for an action: all fields where they are needed, what people have typed where it is welcome, so that no button drops it. */
export function readDecision(draft: DecisionDraft, action: string): ReadDecision {
  const asked = askedFields(draft, action);
  const read = readForm(asked, draft.typed);
  if (!read.ok) return read;
  const comment = draft.comment.trim();
  return {
    ok: true,
    decision: {
      action,
      ...(asked.length > 0 && { values: read.values }),
      ...(comment !== "" && { comment }),
    },
  };
}

const optional = (field: SchemaField): SchemaField => ({ ...field, required: false });

function askedFields(draft: DecisionDraft, action: string): readonly SchemaField[] {
  const rule = valuesRule(draft.actions, action);
  if (rule === "needed") return draft.fields;
  return rule === "none" ? [] : draft.fields.filter(isTyped(draft)).map(optional);
}
