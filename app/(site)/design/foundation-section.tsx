import { Sample, SampleSection } from "./sample.tsx";

const SURFACES = ["ground", "sheet", "raised", "well", "hover", "press", "line", "line-2", "field"];
const INKS = ["ink", "ink-2", "ink-3", "ink-4", "stone", "stone-2", "stone-3"];
const ACCENTS = ["accent", "accent-hover", "accent-text", "accent-soft", "accent-line", "tarn"];
const STATES = ["ok", "run", "run-soft", "wait", "wait-soft", "wait-line", "fail", "fail-soft", "fail-line"];
const MARKS = ["mark", "add", "del"];

/** Colours by role, and the sizes of text. */
export function FoundationSection() {
  return (
    <SampleSection id="foundation" title="Colour and type">
      <Swatches label="Surfaces" names={SURFACES} />
      <Swatches label="Ink and stone" names={INKS} />
      <Swatches label="Accent" names={ACCENTS} />
      <Swatches label="States" names={STATES} />
      <Swatches label="Marks" names={MARKS} />
      <TextSizes />
    </SampleSection>
  );
}

interface SwatchesProps {
  readonly label: string;
  readonly names: readonly string[];
}

function Swatches({ label, names }: SwatchesProps) {
  return (
    <Sample label={label}>
      {names.map((name) => (
        <figure key={name} className="flex w-22 flex-col gap-1">
          <span
            className="h-8 rounded-md border border-line-2"
            style={{ backgroundColor: `var(--${name})` }}
          />
          <figcaption className="font-mono text-2xs text-ink-2">{name}</figcaption>
        </figure>
      ))}
    </Sample>
  );
}

const TEXTS: readonly (readonly [role: string, look: string])[] = [
  ["Title", "text-xl font-semibold"],
  ["Question", "text-lg font-semibold"],
  ["Head", "text-base font-semibold"],
  ["Read", "text-read"],
  ["Interface", ""],
  ["Small", "text-xs"],
  ["Micro", "text-2xs font-medium"],
  ["Mono", "font-mono text-xs"],
];

const TextSizes = () => (
  <dl className="grid grid-cols-[6rem_1fr] items-baseline gap-x-4 gap-y-1.5">
    {TEXTS.map(([role, look]) => (
      <div key={role} className="contents">
        <dt className="text-2xs font-medium text-ink-3">{role}</dt>
        <dd className={look}>Publish 4 steps, keep 1,280 checkpoints</dd>
      </div>
    ))}
  </dl>
);
