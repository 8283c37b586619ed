import type { ReactNode } from "react";

export type SelectOption = { value: string; label: ReactNode; detail?: ReactNode; disabled?: boolean };
export type SelectProps = {
  value: string | null;
  onValueChange: (value: string) => void;
  options: readonly SelectOption[];
  /** With a field to search in, for lists that grow. */
  searchable?: boolean;
  placeholder?: string;
  id?: string;
  disabled?: boolean;
  className?: string;
  "aria-label"?: string;
  "aria-invalid"?: boolean;
};

/** What a list shows while it is closed, before its code has come and after. */
export const selectBox = "control control-box flex w-full min-w-0 items-center gap-2 px-2.5 text-left data-[placeholder]:text-muted";

export const ChosenOption = ({ option }: { option: SelectOption }) => (
  <>
    {option.label}
    {option.detail && <span className="text-muted"> · {option.detail}</span>}
  </>
);
