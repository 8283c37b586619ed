import { type ClassValue, clsx } from "clsx";
import { merge } from "./class-groups";

/** Class names joined; a later utility wins over an earlier one of the same kind. */
export const cn = (...values: ClassValue[]): string => merge(clsx(values));
