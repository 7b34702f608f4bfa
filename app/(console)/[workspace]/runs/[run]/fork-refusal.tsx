import { describeError } from "#/app/_ui/api-error.ts";
import { ApiError } from "#/sdk/client/api-error.ts";
import { Notice } from "#/app/_ui/notice.tsx";

/** Why no run was made, with every problem and its place. */
export function ForkRefusal({ error }: { readonly error: Error }) {
  const problems = error instanceof ApiError ? error.problems : [];
  return (
    <Notice tone="bad" title="Couldn’t start the new run">
      {problems.length === 0 ? (
        describeError(error)
      ) : (
        <ul>
          {problems.map(({ path, message }) => (
            <li key={`${path} ${message}`}>
              {path !== "" && <code className="font-mono text-xs">{path}</code>} {message}
            </li>
          ))}
        </ul>
      )}
    </Notice>
  );
}
