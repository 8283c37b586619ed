"use client";
import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";
import { cn } from "./cn";
import { useReturnFocus } from "./return-focus";

export type DialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  description?: ReactNode;
  footer?: ReactNode;
  size?: "sm" | "md" | "lg";
  children?: ReactNode;
};
const widths = { sm: "max-w-md", md: "max-w-xl", lg: "max-w-4xl" };

export function DialogLayer({ open, onOpenChange, title, description, footer, size = "sm", children }: DialogProps) {
  const t = useTranslations("common");
  const returnFocus = useReturnFocus();
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 animate-fade-in bg-veil" />
        <Radix.Content
          {...returnFocus}
          {...(description ? {} : { "aria-describedby": undefined })}
          className={cn(
            "fixed inset-x-3 top-[12vh] z-50 mx-auto flex max-h-[80dvh] animate-pop-in flex-col rounded-lg border border-line bg-raised shadow-float outline-none",
            widths[size],
          )}
        >
          <header className="flex items-start gap-3 px-5 pt-4">
            <div className="min-w-0 flex-1">
              <Radix.Title className="break-words font-semibold text-lg text-strong">{title}</Radix.Title>
              {description && <Radix.Description className="mt-1 text-muted text-sm">{description}</Radix.Description>}
            </div>
            <Radix.Close
              className="-mr-2 grid size-7 place-items-center rounded-md text-muted hover:bg-sunken hover:text-strong"
              aria-label={t("close")}
            >
              <X aria-hidden size={15} />
            </Radix.Close>
          </header>
          <div className="min-h-0 overflow-y-auto px-5 py-4 text-sm">{children}</div>
          {footer && <footer className="flex flex-wrap justify-end gap-2 border-line border-t px-5 py-3">{footer}</footer>}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
