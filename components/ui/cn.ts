import { type ClassValue, clsx } from "clsx";
import { twMerge } from "tailwind-merge";

/** Class names joined; a later utility wins over an earlier one of the same kind. */
export const cn = (...values: ClassValue[]): string => twMerge(clsx(values));
