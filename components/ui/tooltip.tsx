import type { ReactNode } from "react";

/** A hint under its child at hover and focus, drawn by CSS alone; what it says must also be in the child's own name. */
export const Tooltip = ({ content, children }: { content: string; children: ReactNode }) => (
  <span className="group/tip relative flex">
    {children}
    <span
      aria-hidden
      className="pointer-events-none invisible absolute top-full right-0 z-50 mt-1.5 w-max max-w-72 break-words rounded-md border border-line bg-raised px-2 py-1 text-normal text-xs opacity-0 shadow-float transition-opacity duration-150 group-hover/tip:visible group-hover/tip:opacity-100 group-hover/tip:delay-300 group-has-[:focus-visible]/tip:visible group-has-[:focus-visible]/tip:opacity-100"
    >
      {content}
    </span>
  </span>
);
