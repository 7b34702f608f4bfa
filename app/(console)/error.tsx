"use client";
import { PageError } from "#/app/_ui/page-error.tsx";

export default PageError;
