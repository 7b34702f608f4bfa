import { NothingHere } from "#/app/_ui/nothing-here.tsx";

export default function NotFound() {
  return (
    <main>
      <NothingHere />
    </main>
  );
}
