import { listTexts } from "../../_form/list-texts.ts";
import { findEnd } from "./key-expiry.ts";
import { readScopes, writeEnd } from "./key-draft.ts";

type Fields = Readonly<Record<string, unknown>>;

/**
 * The form of a key says what it is for and until when as people do; the operation wants scopes and a moment. Where scripts run they say the moment, by the
 * clock and the day of the person; where none do, a day ends in UTC.
 */
export function arrangeKey(fields: Fields, now: number): Fields {
  const { preset, permission, workflow, expiry, date, openedAt, ...others } = fields;
  const [chosen = ""] = listTexts(preset);
  const scopes = readScopes({
    preset: chosen,
    permissions: listTexts(permission),
    workflows: listTexts(workflow),
  });
  const [choice = "", day = ""] = [...listTexts(expiry), ...listTexts(date)];
  // The same form sent later asks for the same moment: otherwise it would be another form under its key.
  const from = Number(listTexts(openedAt)[0] ?? now);
  const end = writeEnd(findEnd({ expiry: choice, date: day }, Number.isSafeInteger(from) ? from : now, "Z"));
  return { expiresAt: end === "" ? null : end, ...others, ...(scopes.length > 0 && { scopes }) };
}
