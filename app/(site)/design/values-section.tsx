import { ChangeList } from "#/app/_ui/change-list.tsx";
import { CodeBlock } from "#/app/_ui/code-block.tsx";
import { JsonView } from "#/app/_ui/json-view.tsx";
import { LineChanges } from "#/app/_ui/line-changes.tsx";
import { RichValue } from "#/app/_ui/rich-value.tsx";
import { Sample, SampleSection } from "./sample.tsx";

const ORDER = { id: "A-1042", total: 620.5, paid: null, items: [{ sku: "lamp", count: 2 }], tags: [] };
const BEFORE = "steps:\n  ask:\n    type: approval\n    title: Refund?\n";
const AFTER = "steps:\n  ask:\n    type: approval\n    title: Refund {{ input.total }} €?\n    timeout: 2d\n";
const CHANGES = [
  { part: "timeout", before: null, now: "2d" },
  { part: "title", before: "Refund?", now: "Refund {{ input.total }} €?" },
];

/** Values, texts and what has changed in them. */
export function ValuesSection() {
  return (
    <SampleSection id="values" title="Values and changes">
      <div className="grid gap-4 md:grid-cols-2">
        <Filled label="A value as a tree">
          <JsonView value={ORDER} what="order" />
        </Filled>
        <Filled label="Words">
          <RichValue value={["refund", "late", "refund", "vip"]} what="tags" />
        </Filled>
        <Filled label="Something to copy">
          <CodeBlock
            code={
              'curl -X POST https://cairn.example.com/api/v1/runs -H "Authorization: Bearer $KEY" -d @input.json'
            }
            what="curl command"
          />
        </Filled>
        <Filled label="Changed parts">
          <ChangeList changes={CHANGES} />
        </Filled>
        <Filled label="Changed lines">
          <LineChanges before={BEFORE} after={AFTER} />
        </Filled>
      </div>
    </SampleSection>
  );
}

interface FilledProps {
  readonly label: string;
  readonly children: React.ReactNode;
}

const Filled = ({ label, children }: FilledProps) => (
  <Sample label={label}>
    <div className="w-full min-w-0">{children}</div>
  </Sample>
);
