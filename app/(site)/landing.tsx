import { ArrowRight, Check } from "#/app/_ui/icons.tsx";
import Link from "next/link";
import { buttonLook } from "#/app/_ui/button.tsx";
import { Logo } from "#/app/_ui/logo.tsx";
import { ThemeSwitch } from "#/app/_ui/theme-switch.tsx";

const PROMISES = [
  {
    title: "It picks up where it left off",
    text: "Every step is a checkpoint. A crash, a deploy or a lost message costs nothing: the run continues from there.",
  },
  {
    title: "It does not pay twice",
    text: "Finished model and tool calls are kept. A retried step reuses their results.",
  },
  {
    title: "It waits for you",
    text: "An approval holds a run for a minute or a week, with no process left running.",
  },
] as const;

/** The page that strangers see. */
export function Landing() {
  return (
    <div className="mx-auto flex min-h-dvh max-w-5xl flex-col px-5">
      <header className="flex h-16 items-center justify-between">
        <span className="flex items-center gap-2 text-base font-semibold">
          <Logo className="size-6 text-primary" /> Cairn
        </span>
        <div className="flex items-center gap-2">
          <ThemeSwitch />
          <Link href="/sign-in" className={buttonLook()}>
            Sign in
          </Link>
        </div>
      </header>
      <main className="flex flex-1 flex-col justify-center gap-14 py-12">
        <div>
          <h1 className="max-w-2xl text-4xl font-semibold tracking-tight text-balance sm:text-5xl sm:leading-14">
            Agent workflows that always find their way back
          </h1>
          <p className="mt-4 max-w-xl text-base text-muted-foreground sm:text-lg">
            Cairn runs your agents on serverless functions, one checkpoint at a time. You see every step,
            decide where it matters, and read results with their sources.
          </p>
          <Link href="/sign-in" className={`${buttonLook({ variant: "primary", size: "md" })} mt-7`}>
            Open your workspace <ArrowRight aria-hidden />
          </Link>
        </div>
        <Promises />
      </main>
    </div>
  );
}

function Promises() {
  return (
    <ul className="grid gap-4 sm:grid-cols-3">
      {PROMISES.map(({ title, text }) => (
        <li key={title} className="rounded-lg border border-border bg-card p-4">
          <h2 className="flex items-center gap-2 font-semibold">
            <Check aria-hidden className="size-4 text-ok" /> {title}
          </h2>
          <p className="mt-1 text-muted-foreground">{text}</p>
        </li>
      ))}
    </ul>
  );
}
