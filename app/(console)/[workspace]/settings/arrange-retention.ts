import { isJsonObject } from "#/lib/json-object.ts";
import { listTexts } from "../_form/list-texts.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Begins the names of fields that say what a form has shown, for each kind. */
export const SHOWN = "shown.";

/** Days that are still as they were shown are not sent: whoever changed them since would lose that. */
export function arrangeRetention(fields: Fields): Fields {
  const others = Object.entries(fields).filter(([name]) => !name.startsWith(SHOWN));
  return Object.fromEntries(
    others.map(([name, value]) => [name, name === "retention" ? leaveOutShown(value, fields) : value]),
  );
}

function leaveOutShown(retention: unknown, fields: Fields): unknown {
  if (!isJsonObject(retention)) return retention;
  return Object.fromEntries(
    Object.entries(retention).filter(
      ([kind, days]) => listTexts(fields[`${SHOWN}${kind}`])[0] !== String(days),
    ),
  );
}
