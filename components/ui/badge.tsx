import type { ComponentProps } from "react";
import { cn } from "./cn";

const tones = {
  neutral: "border-line bg-sunken text-normal",
  running: "border-transparent bg-running-soft text-running",
  succeeded: "border-transparent bg-succeeded-soft text-succeeded",
  warning: "border-transparent bg-warning-soft text-warning",
  failed: "border-transparent bg-failed-soft text-failed",
  iris: "border-transparent bg-iris-soft text-link",
} as const;
export type BadgeTone = keyof typeof tones;

export function Badge({ tone = "neutral", className, ...rest }: ComponentProps<"span"> & { tone?: BadgeTone }) {
  return (
    <span
      className={cn(
        "inline-flex h-5 align-middle max-w-full items-center gap-1 truncate whitespace-nowrap rounded-[5px] border px-1.5 text-xs",
        tones[tone],
        className,
      )}
      {...rest}
    />
  );
}
