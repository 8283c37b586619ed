import { cn } from "./cn";

/** Give it the size of what is to come. */
export const Skeleton = ({ className }: { className?: string }) => (
  <div aria-hidden className={cn("animate-pulse-slow rounded-md bg-[color-mix(in_oklab,var(--line)_70%,transparent)]", className)} />
);
