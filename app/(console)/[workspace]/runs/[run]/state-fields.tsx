import { Field, TextArea } from "#/app/_ui/field.tsx";
import { inexactMessage, inexactNumbersIn } from "#/lib/exact-json.ts";

/** The texts that people have typed instead of the values of a state, by key, as JSON. */
export type StateTexts = Readonly<Record<string, string>>;

const writeValue = (value: unknown) => JSON.stringify(value ?? null, null, 2);

function parseValue(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

export function isChanged(texts: StateTexts, key: string, before: unknown): boolean {
  return texts[key] !== undefined && texts[key] !== writeValue(before);
}

/** Says why what was typed is no value of a state; undefined when it is one. */
export function findProblem(texts: StateTexts, key: string): string | undefined {
  const text = texts[key] ?? "";
  if (parseValue(text) === undefined) return "Not valid JSON. Put text in quotes.";
  const [inexact] = inexactNumbersIn(text);
  return inexact && inexactMessage(inexact.digits);
}

export function parseValues(texts: StateTexts, keys: readonly string[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(keys.map((key) => [key, parseValue(texts[key] ?? "")?.value]));
}

interface StateFieldsProps {
  /** The state before the step; undefined while it is read. */
  readonly state: Readonly<Record<string, unknown>> | undefined;
  readonly texts: StateTexts;
  readonly changed: readonly string[];
  readonly onChange: (texts: StateTexts) => void;
}

/** The state before a step, each of its values to be replaced. */
export function StateFields({ state, texts, changed, onChange }: StateFieldsProps) {
  return (
    <section aria-label="State" className="flex flex-col gap-2">
      <h3 className="font-medium">State before this step</h3>
      {state === undefined && <p className="text-muted-foreground">Reading the state before this step …</p>}
      {state !== undefined && Object.keys(state).length === 0 && (
        <p className="text-muted-foreground">
          No state was saved before this step, so there is nothing to edit.
        </p>
      )}
      {Object.entries(state ?? {}).map(([key, value]) => (
        <Field
          key={key}
          label={changed.includes(key) ? `${key} (changed)` : key}
          error={changed.includes(key) ? findProblem(texts, key) : undefined}
        >
          {(wiring) => (
            <TextArea
              {...wiring}
              spellCheck={false}
              className="max-h-60 min-h-12 font-mono text-xs"
              value={texts[key] ?? writeValue(value)}
              onChange={({ target }) => onChange({ ...texts, [key]: target.value })}
            />
          )}
        </Field>
      ))}
    </section>
  );
}
