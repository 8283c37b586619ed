import type { ComponentProps } from "react";
import { cn } from "./cn";

export const Kbd = ({ className, ...rest }: ComponentProps<"kbd">) => (
  <kbd
    className={cn(
      "inline-flex h-[18px] items-center rounded border border-b-2 border-[color-mix(in_oklab,currentColor_35%,transparent)] px-[5px] font-sans text-[11px] leading-none pointer-coarse:hidden",
      className,
    )}
    {...rest}
  />
);
