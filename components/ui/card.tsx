import type { ComponentProps, ReactNode } from "react";
import { cn } from "./cn";
import { ScrollBox } from "./scroll-box";

export type CardProps = Omit<ComponentProps<"section">, "title"> & {
  title?: ReactNode;
  actions?: ReactNode /** No padding round the children: for tables. */;
  flush?: boolean;
};

export function Card({ title, actions, flush, className, children, ...rest }: CardProps) {
  return (
    <section className={cn("min-w-0 rounded-lg border border-line bg-panel", className)} {...rest}>
      {(title || actions) && (
        <header className="flex min-h-10 flex-wrap items-center gap-2 px-4 pt-3">
          {title && <h2 className="min-w-0 flex-1 truncate font-semibold text-base text-strong">{title}</h2>}
          {actions}
        </header>
      )}
      {flush ? (
        <ScrollBox className={cn((title || actions) && "mt-2")}>{children}</ScrollBox>
      ) : (
        <div className={cn("px-4 pb-4", title || actions ? "pt-3" : "pt-4")}>{children}</div>
      )}
    </section>
  );
}
