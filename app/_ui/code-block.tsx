import { CopyButton } from "#/app/_ui/copy-button.tsx";

interface CodeBlockProps {
  readonly code: string;
  /** The name of the block, for the copy button and screen readers: "curl command". */
  readonly what: string;
}

/** Text to copy, as it is. Long lines are broken for the eye only. */
export function CodeBlock({ code, what }: CodeBlockProps) {
  return (
    <div className="relative min-w-0 rounded-md bg-well">
      <pre className="py-2.5 pr-12 pl-3 max-md:py-4 pointer-coarse:py-4 font-mono text-xs leading-5 break-all whitespace-pre-wrap">
        {code}
      </pre>
      <div className="absolute top-1 right-1 rounded-md bg-well">
        <CopyButton text={code} what={what} />
      </div>
    </div>
  );
}
