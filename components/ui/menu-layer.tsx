"use client";
import { DropdownMenu } from "radix-ui";
import type { ReactNode } from "react";
import { cn } from "./cn";
import { floating, floatingItem } from "./floating";

export type MenuItem =
  | { label: ReactNode; onSelect: () => void; danger?: boolean; disabled?: boolean; icon?: ReactNode; detail?: ReactNode }
  | "separator";
export type MenuProps = { trigger: ReactNode; items: readonly MenuItem[]; align?: "start" | "end" };

/** Shown from the first press of the trigger on (menu.tsx). */
export function MenuLayer({ trigger, items, align = "end" }: MenuProps) {
  return (
    <DropdownMenu.Root modal={false} defaultOpen>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content align={align} sideOffset={4} collisionPadding={8} className={cn(floating, "min-w-44 max-w-80 p-1")}>
          {items.map((item, index) =>
            item === "separator" ? (
              // biome-ignore lint/suspicious/noArrayIndexKey: a separator has nothing else to tell it by
              <DropdownMenu.Separator key={`separator-${index}`} className="my-1 h-px bg-line" />
            ) : (
              <DropdownMenu.Item
                // biome-ignore lint/suspicious/noArrayIndexKey: the list is written by hand and does not move
                key={index}
                disabled={item.disabled}
                onSelect={item.onSelect}
                className={cn(floatingItem, item.danger && "text-failed data-[highlighted]:text-failed")}
              >
                {item.icon && <span className="grid size-4 place-items-center text-muted">{item.icon}</span>}
                <span className="min-w-0 flex-1 py-1">
                  {item.label}
                  {item.detail && <span className="block text-muted text-xs">{item.detail}</span>}
                </span>
              </DropdownMenu.Item>
            ),
          )}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
