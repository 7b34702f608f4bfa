import { redirect } from "next/navigation";
import { CreateWorkspaceForm } from "#/app/_ui/identity-forms.tsx";
import { currentPrincipal, isSignedIn } from "#/lib/auth/principal.ts";
import { Landing } from "./landing.tsx";

/** The first page: for strangers what this is, for people with a workspace its runs. */
interface HomeProps {
  readonly searchParams: Promise<Readonly<Record<string, string | string[] | undefined>>>;
}

export default async function Home({ searchParams }: HomeProps) {
  const person = await currentPrincipal();
  // The installed app opens at what waits for an answer.
  const place = (await searchParams)["to"] === "inbox" ? "inbox" : "runs";
  if (person) redirect(`/${person.slug}/${place}`);
  if (!(await isSignedIn())) return <Landing />;
  return (
    <main className="grid min-h-dvh place-items-center content-center gap-4 p-4">
      <h1 className="text-xl font-semibold">Make your first workspace</h1>
      <CreateWorkspaceForm />
    </main>
  );
}
