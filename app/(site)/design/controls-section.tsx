"use client";
import { useState } from "react";
import { Button } from "#/app/_ui/button.tsx";
import { Checkbox, Field, FieldSet, Input, Select, TextArea } from "#/app/_ui/field.tsx";
import { Plus } from "#/app/_ui/icons.tsx";
import { ProgressBar } from "#/app/_ui/progress-bar.tsx";
import { SegmentedControl } from "#/app/_ui/segmented-control.tsx";
import { Switch } from "#/app/_ui/switch.tsx";
import { Tabs } from "#/app/_ui/tabs.tsx";
import { Sample, SampleSection } from "./sample.tsx";

const VARIANTS = ["primary", "outline", "ghost", "danger"] as const;

/** What people press, choose and type into. */
export function ControlsSection() {
  return (
    <SampleSection id="controls" title="Controls">
      {VARIANTS.map((variant) => (
        <Sample key={variant} label={`Button, ${variant}`}>
          <Button variant={variant}>Publish</Button>
          <Button variant={variant} size="md">
            <Plus aria-hidden /> New workflow
          </Button>
          <Button variant={variant} size="icon" aria-label={`Add, ${variant}`}>
            <Plus aria-hidden />
          </Button>
          <Button variant={variant} disabled>
            Not now
          </Button>
          <Button variant={variant} pending>
            Publishing
          </Button>
        </Sample>
      ))}
      <div className="grid gap-4 sm:grid-cols-2">
        <Fields />
      </div>
      <Choices />
    </SampleSection>
  );
}

const Fields = () => (
  <>
    <Field label="Name" hint="Shown in lists and notifications.">
      {(wiring) => <Input {...wiring} defaultValue="Refund above 500 €" />}
    </Field>
    <Field label="Webhook address" error="Begin with https://, for example https://example.com/hook.">
      {(wiring) => <Input {...wiring} defaultValue="example.com/hook" />}
    </Field>
    <Field label="Note" optional>
      {(wiring) => <TextArea {...wiring} placeholder="What changed, for whoever reads the versions" />}
    </Field>
    <Field label="Model">
      {(wiring) => (
        <Select {...wiring} disabled>
          <option>Offline model</option>
        </Select>
      )}
    </Field>
    <FieldSet label="Permissions" error="Choose at least one.">
      <Checkbox defaultChecked>Start runs</Checkbox>
      <Checkbox>Decide approvals</Checkbox>
      <Checkbox disabled>Manage members</Checkbox>
    </FieldSet>
  </>
);

function Choices() {
  const [view, setView] = useState("graph");
  const [isLive, setLive] = useState(true);
  return (
    <>
      <Sample label="Choices">
        <SegmentedControl
          label="View"
          options={[
            { value: "graph", label: "Graph" },
            { value: "text", label: "YAML" },
          ]}
          value={view}
          onChange={setView}
        />
        <Switch label="Live" checked={isLive} onChange={setLive} />
        <Switch label="Off" checked={false} onChange={() => undefined} />
        <Switch label="Fixed" checked disabled onChange={() => undefined} />
        <span className="w-40">
          <ProgressBar label="Budget used" part={0.62} />
        </span>
      </Sample>
      <Tabs
        label="Parts of a step"
        tabs={[
          { value: "input", label: "Input", content: <p className="text-ink-2">What the step was given.</p> },
          { value: "output", label: "Output", content: <p className="text-ink-2">What it gave.</p> },
          { value: "logs", label: "Logs", content: <p className="text-ink-2">What it said.</p> },
        ]}
      />
    </>
  );
}
