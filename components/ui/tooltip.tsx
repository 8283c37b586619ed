"use client";
import { Tooltip as Radix } from "radix-ui";
import type { ReactElement, ReactNode } from "react";

export type TooltipProps = { content: ReactNode; side?: "top" | "right" | "bottom" | "left"; children: ReactElement };

/** The child takes a ref and props, and is reachable by keyboard where the hint matters. */
export function Tooltip({ content, side = "top", children }: TooltipProps) {
  if (content === null || content === undefined || content === "") return children;
  return (
    <Radix.Provider delayDuration={300}>
      <Radix.Root>
        <Radix.Trigger asChild>{children}</Radix.Trigger>
        <Radix.Portal>
          <Radix.Content
            side={side}
            sideOffset={6}
            collisionPadding={8}
            className="z-50 max-w-72 animate-fade-in break-words rounded-md border border-line bg-raised px-2 py-1 text-normal text-xs shadow-float"
          >
            {content}
          </Radix.Content>
        </Radix.Portal>
      </Radix.Root>
    </Radix.Provider>
  );
}
