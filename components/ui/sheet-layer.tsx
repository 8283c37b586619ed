"use client";
import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";
import { cn } from "./cn";
import { useReturnFocus } from "./return-focus";

export type SheetProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  side?: "left" | "right";
  className?: string;
  children: ReactNode;
};

export function SheetLayer({ open, onOpenChange, title, side = "right", className, children }: SheetProps) {
  const t = useTranslations("common");
  const returnFocus = useReturnFocus();
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 animate-fade-in bg-veil" />
        <Radix.Content
          {...returnFocus}
          aria-describedby={undefined}
          className={cn(
            "fixed inset-y-0 z-50 flex w-[min(380px,88vw)] flex-col border-line bg-panel pb-[env(safe-area-inset-bottom)] shadow-float outline-none",
            side === "left" ? "left-0 animate-sheet-left border-r" : "right-0 animate-sheet-right border-l",
            className,
          )}
        >
          <header className="flex h-12 shrink-0 items-center gap-2 border-line border-b pr-2 pl-4">
            <Radix.Title className="min-w-0 flex-1 truncate font-semibold text-base text-strong">{title}</Radix.Title>
            <Radix.Close
              className="control-square grid place-items-center rounded-md text-muted hover:bg-sunken hover:text-strong"
              aria-label={t("close")}
            >
              <X aria-hidden size={16} />
            </Radix.Close>
          </header>
          <div className="min-h-0 flex-1 overflow-y-auto">{children}</div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
