"use client";
import { type ComponentProps, type KeyboardEvent, useState } from "react";
import { cn } from "./cn";
import { useFieldAria } from "./field";
import { parseNumber, writeNumber } from "./number-text";

export type NumberFieldProps = Omit<ComponentProps<"input">, "value" | "defaultValue" | "onChange" | "type" | "step" | "min" | "max"> & {
  value: number | null;
  /** NaN while the text is no number (or empty where empty is not allowed): the form's own check then speaks at the field. */
  onValueChange: (value: number | null) => void;
  allowEmpty?: boolean;
  step?: number;
  min?: number;
  max?: number;
  /** Behind the number, such as "steps". */
  unit?: string;
};

/** Keeps the text as typed until the field is left; arrow keys step, typing is never clamped. */
export function NumberField({
  value,
  onValueChange,
  allowEmpty,
  step = 1,
  min,
  max,
  unit,
  className,
  onBlur,
  onKeyDown,
  ...rest
}: NumberFieldProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const read = (text: string) => parseNumber(text) ?? (allowEmpty ? null : Number.NaN);
  // A value set from outside (a preset, a reset) wins over what was typed before.
  const text = draft !== null && Object.is(read(draft), value) ? draft : writeNumber(value);

  const take = (next: string) => {
    setDraft(next);
    const parsed = read(next);
    if (!Object.is(parsed, value)) onValueChange(parsed);
  };
  const stepBy = (event: KeyboardEvent<HTMLInputElement>, direction: 1 | -1) => {
    event.preventDefault();
    const from = value === null || Number.isNaN(value) ? (min ?? 0) - direction * step : value;
    const moved = Number((from + direction * step * (event.shiftKey ? 10 : 1)).toPrecision(12));
    take(writeNumber(Math.min(max ?? moved, Math.max(min ?? moved, moved))));
  };

  return (
    <div className={cn("relative", className)}>
      <input
        autoComplete="off"
        inputMode="decimal"
        {...rest}
        {...useFieldAria(rest)}
        className={cn("control control-box w-full min-w-0 px-2.5", unit && "pr-14")}
        value={text}
        onChange={(event) => take(event.target.value)}
        onBlur={(event) => {
          if (!Number.isNaN(read(event.target.value))) setDraft(null);
          onBlur?.(event);
        }}
        onKeyDown={(event) => {
          if (event.key === "ArrowUp") stepBy(event, 1);
          if (event.key === "ArrowDown") stepBy(event, -1);
          onKeyDown?.(event);
        }}
      />
      {unit && <span className="pointer-events-none absolute inset-y-0 right-2.5 flex items-center text-muted text-xs">{unit}</span>}
    </div>
  );
}
