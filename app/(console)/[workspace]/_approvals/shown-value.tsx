import { ChangeList, readChanges } from "#/app/_ui/change-list.tsx";
import { RichValue } from "#/app/_ui/rich-value.tsx";

/** Shows the value that an approval rests on; nothing where there is none. */
export function ShownValue({ value }: { readonly value: unknown }) {
  if (value === null || value === undefined) return null;
  const changes = readChanges(value);
  return (
    <div className="rounded-lg border border-line bg-well px-4 py-2.5">
      {changes ? (
        <ChangeList changes={changes} />
      ) : (
        <RichValue value={value} what="what is to be decided on" isBare />
      )}
    </div>
  );
}
