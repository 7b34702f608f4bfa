import { Card, CardHeader } from "#/app/_ui/card.tsx";
import { CopyButton } from "#/app/_ui/copy-button.tsx";
import { RichValue } from "#/app/_ui/rich-value.tsx";
import { isJsonObject } from "#/lib/json-object.ts";

const isEmpty = (value: unknown) => value === null || value === undefined || value === "";

type Part = readonly [name: string, value: unknown];

/** The parts that are there. An object in an object of one key has nothing to add: its own parts are shown. */
function listParts(output: unknown): readonly Part[] {
  if (!isJsonObject(output)) return isEmpty(output) ? [] : [["result", output]];
  const parts = Object.entries(output).filter(([, value]) => !isEmpty(value));
  const only = parts.length === 1 ? parts[0]?.[1] : undefined;
  return isJsonObject(only) ? listParts(only) : parts;
}

/** Shows what a run has made: each part under its name, text as text. */
export function RunOutput({ output }: { readonly output: unknown }) {
  const parts = listParts(output);
  if (parts.length === 0) return null;
  return (
    <Card aria-label="Output">
      <CardHeader
        title="Output"
        actions={<CopyButton text={JSON.stringify(output, null, 2)} what="output" />}
      />
      <div className="divide-y divide-border">
        {parts.map(([name, value]) => (
          <div key={name} className="px-4 py-3">
            <h3 className="mb-1 text-xs font-medium text-muted-foreground">{name}</h3>
            <RichValue value={value} what={name} />
          </div>
        ))}
      </div>
    </Card>
  );
}
