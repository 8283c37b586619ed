import type { ComponentProps } from "react";
import { cn } from "./cn";

/** Put it in a Card with `flush`, or in a box of its own that scrolls: the head stays. */
export const Table = ({ className, ...rest }: ComponentProps<"table">) => (
  <table className={cn("w-full border-separate border-spacing-0 text-sm", className)} {...rest} />
);

export const THead = ({ className, ...rest }: ComponentProps<"thead">) => (
  <thead className={cn("sticky top-0 z-[1]", className)} {...rest} />
);

export const TBody = ({ className, ...rest }: ComponentProps<"tbody">) => (
  <tbody className={cn("[&>tr:last-child>td]:border-b-0", className)} {...rest} />
);

export const Tr = ({ className, ...rest }: ComponentProps<"tr">) => (
  <tr className={cn("transition-colors aria-selected:bg-iris-soft [tbody>&]:hover:bg-sunken", className)} {...rest} />
);

export const Th = ({ numeric, className, ...rest }: ComponentProps<"th"> & { numeric?: boolean }) => (
  <th
    scope="col"
    className={cn(
      "h-[34px] whitespace-nowrap border-line border-b bg-[color-mix(in_oklab,var(--sunken)_60%,var(--panel))] px-2.5 text-left font-medium text-muted text-xs first:pl-4 last:pr-4",
      numeric && "text-right",
      className,
    )}
    {...rest}
  />
);

export const Td = ({ numeric, className, ...rest }: ComponentProps<"td"> & { numeric?: boolean }) => (
  <td
    className={cn("h-9 whitespace-nowrap border-line border-b px-2.5 first:pl-4 last:pr-4", numeric && "text-right", className)}
    {...rest}
  />
);
