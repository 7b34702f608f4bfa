"use client";
import { DecisionForm } from "#/app/_ui/decision-form.tsx";
import { SampleSection } from "./sample.tsx";

const ANSWERS = {
  type: "object",
  required: ["amount", "reason"],
  properties: {
    amount: { type: "number", title: "Amount in €", minimum: 0, maximum: 5_000, default: 620 },
    reason: { type: "string", enum: ["damaged", "late", "other"], default: "late" },
    note: { type: "string", maxLength: 400, description: "The customer reads this." },
    notify: { type: "boolean", default: true },
  },
};
const ACTIONS = ["approve", "edit", "reject"];
const answerNothing = () => Promise.resolve([]);

/** A question with its fields, once in a row and once with what each answer means. */
export function QuestionSection() {
  return (
    <SampleSection id="question" title="Questions">
      <div className="grid gap-8 md:grid-cols-2">
        <DecisionForm
          actions={["approve", "reject"]}
          form={ANSWERS}
          name="design-row"
          onDecide={answerNothing}
          refusal="Dana has decided this already."
        />
        <DecisionForm
          actions={ACTIONS}
          form={null}
          name="design-explained"
          layout="explained"
          onDecide={answerNothing}
        />
      </div>
    </SampleSection>
  );
}
