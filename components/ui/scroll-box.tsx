import type { ComponentProps } from "react";
import { cn } from "./cn";

/** A box that scrolls must be reachable by keyboard, whether or not today's content overflows it. */
export const ScrollBox = ({ className, ...rest }: ComponentProps<"div">) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
  <div tabIndex={0} className={cn("overflow-auto", className)} {...rest} />
);

/** The same for text that keeps its line breaks: tracebacks, commands, JSON. */
export const ScrollText = ({ className, ...rest }: ComponentProps<"pre">) => (
  <pre
    // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
    tabIndex={0}
    className={cn("overflow-auto rounded-md border border-line bg-panel p-3 font-mono text-normal text-xs leading-5", className)}
    {...rest}
  />
);
