"use client";
import { Popover } from "radix-ui";
import type { ReactNode } from "react";
import { cn } from "./cn";
import { floating } from "./floating";

/** Shown from the first press of the question mark on (field.tsx). */
export const HelpLayer = ({ mark, children }: { mark: ReactNode; children: ReactNode }) => (
  <Popover.Root defaultOpen>
    <Popover.Trigger asChild>{mark}</Popover.Trigger>
    <Popover.Portal>
      <Popover.Content
        side="top"
        align="start"
        sideOffset={6}
        collisionPadding={12}
        className={cn(floating, "max-w-80 p-3 text-normal text-sm")}
      >
        {children}
      </Popover.Content>
    </Popover.Portal>
  </Popover.Root>
);
