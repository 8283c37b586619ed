import type { ReactNode } from "react";
import { Button } from "@/components/ui/button";

/** A small icon under a question or an answer; its name is told to screen readers and on hover. */
export const TurnAction = ({
  label,
  disabled,
  onClick,
  children,
}: {
  label: string;
  disabled: boolean;
  onClick: () => void;
  children: ReactNode;
}) => (
  <Button variant="ghost" size="sm" icon disabled={disabled} aria-label={label} title={label} onClick={onClick}>
    {children}
  </Button>
);
