import { SkeletonPage } from "#/app/_ui/skeleton.tsx";

export default SkeletonPage;
