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

/** The next one whose name begins with what is typed; a letter pressed again goes on to the next of its kind. As an opened list does it. */
export function findByLetters(options: readonly SelectOption[], value: string | null, typed: string): SelectOption | undefined {
  const letters = typed.toLowerCase();
  const again = [...letters].every((letter) => letter === letters[0]);
  const search = again ? letters.slice(0, 1) : letters;
  const from = Math.max(
    0,
    options.findIndex((option) => option.value === value),
  );
  return [...options.slice(from), ...options.slice(0, from)].find(
    ({ label, disabled, value: other }) =>
      !disabled && !(again && other === value) && typeof label === "string" && label.toLowerCase().startsWith(search),
  );
}
