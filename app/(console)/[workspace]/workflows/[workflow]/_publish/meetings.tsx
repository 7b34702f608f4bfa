import { Notice } from "#/app/_ui/notice.tsx";
import { Field, TextArea } from "#/app/_ui/field.tsx";
import { useWorkspace } from "../../../_shell/workspace-context.tsx";

/** A path on which all three sides of the rule of two meet. */
export interface Meeting {
  readonly path: string;
  readonly message: string;
  readonly code?: string | undefined;
  readonly steps?: readonly string[] | undefined;
}

interface MeetingsProps {
  readonly meetings: readonly Meeting[];
  readonly reason: string;
  readonly onReason: (reason: string) => void;
}

/** Tells on which paths private data could leave without a person, and lets an admin say why it may. */
export function Meetings({ meetings, reason, onReason }: MeetingsProps) {
  const { role } = useWorkspace();
  return (
    <Notice tone="bad" title="Private data could leave without a person" className="mb-3">
      <ul className="grid gap-2">
        {meetings.map(({ path, message, steps = [] }) => (
          <li key={path}>
            {message}
            <Path steps={steps} />
          </li>
        ))}
      </ul>
      {role === "admin" ? (
        <div className="mt-3">
          <Field
            label="Publish it anyway, because"
            hint="The audit log keeps your reason. 10 characters or more."
          >
            {(wiring) => (
              <TextArea
                {...wiring}
                value={reason}
                maxLength={1000}
                onChange={({ target }) => onReason(target.value)}
                className="min-h-14"
              />
            )}
          </Field>
        </div>
      ) : (
        <p className="mt-2">An admin of the workspace can publish it with a reason.</p>
      )}
    </Notice>
  );
}

function Path({ steps }: { readonly steps: readonly string[] }) {
  return (
    <ol aria-label="Path" className="mt-1 flex flex-wrap gap-1 font-mono text-xs">
      {steps.map((step, index) => (
        <li key={step} className="flex items-center gap-1">
          {index > 0 && <span aria-hidden>→</span>}
          <span className="rounded-sm border border-fail-line bg-raised px-1">{step}</span>
        </li>
      ))}
    </ol>
  );
}
