import { SkeletonWindow } from "#/app/_ui/skeleton.tsx";

export default SkeletonWindow;
