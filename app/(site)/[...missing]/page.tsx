import { notFound } from "next/navigation";

/** For every address that no other page has. */
export default function Missing() {
  notFound();
}
