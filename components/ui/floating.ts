/** Look of every floating layer: menus, popovers, lists. */
export const floating = "z-50 rounded-lg border border-line bg-raised shadow-float animate-pop-in outline-none";

/** One line of a menu or list. */
export const floatingItem =
  "relative flex min-h-8 pointer-coarse:min-h-10 cursor-default select-none items-center gap-2 rounded-md px-2 text-sm text-normal outline-none data-[highlighted]:bg-sunken data-[highlighted]:text-strong aria-disabled:pointer-events-none aria-disabled:opacity-45 dark:data-[highlighted]:bg-line";
