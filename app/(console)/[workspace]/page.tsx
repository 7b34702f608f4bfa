import { redirect } from "next/navigation";
import { currentVisit } from "./visit.ts";

export default async function WorkspaceHome() {
  const { person } = await currentVisit();
  redirect(`/${person.slug}/runs`);
}
