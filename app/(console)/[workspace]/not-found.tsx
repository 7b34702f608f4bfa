import { NothingHere } from "#/app/_ui/nothing-here.tsx";

export default NothingHere;
