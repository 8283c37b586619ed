"use client";
import type { ComponentProps } from "react";
import { cn } from "./cn";
import { useFieldAria } from "./field";

export function Input({ className, ...rest }: ComponentProps<"input">) {
  return (
    <input
      autoComplete="off"
      spellCheck={false}
      className={cn("control control-box w-full min-w-0 px-2.5", className)}
      {...rest}
      {...useFieldAria(rest)}
    />
  );
}

export function Textarea({ className, ...rest }: ComponentProps<"textarea">) {
  return (
    <textarea
      rows={4}
      className={cn("control-box w-full min-w-0 resize-y px-2.5 py-1.5 leading-5", className)}
      {...rest}
      {...useFieldAria(rest)}
    />
  );
}
