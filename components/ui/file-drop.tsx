"use client";
import { Upload } from "lucide-react";
import { type DragEvent, type ReactNode, useId, useState } from "react";
import { cn } from "./cn";
import { Spinner } from "./spinner";

export type FileDropProps = {
  onFiles: (files: File[]) => void;
  label: ReactNode;
  hint?: ReactNode;
  /** As of an input: ".json,.jsonl". */
  accept?: string;
  multiple?: boolean;
  disabled?: boolean;
  busy?: boolean;
  className?: string;
};

export function FileDrop({ onFiles, label, hint, accept, multiple, disabled, busy, className }: FileDropProps) {
  const id = useId();
  const [over, setOver] = useState(false);
  const blocked = disabled || busy;
  const take = (list: FileList | null) => {
    const files = Array.from(list ?? []);
    if (files.length > 0 && !blocked) onFiles(multiple ? files : files.slice(0, 1));
  };
  const drag = (isOver: boolean) => (event: DragEvent) => {
    event.preventDefault();
    setOver(isOver);
  };
  return (
    <label
      htmlFor={id}
      onDragOver={drag(true)}
      onDragLeave={drag(false)}
      onDrop={(event) => {
        drag(false)(event);
        take(event.dataTransfer.files);
      }}
      className={cn(
        "flex cursor-pointer flex-col items-center justify-center gap-1.5 rounded-lg border border-line-strong border-dashed bg-panel px-4 py-8 text-center text-sm transition-colors hover:border-iris focus-within:outline-2 focus-within:outline-iris focus-within:outline-offset-2",
        over && "border-iris bg-iris-soft",
        blocked && "pointer-events-none opacity-60",
        className,
      )}
    >
      {busy ? <Spinner /> : <Upload aria-hidden size={18} className="text-muted" />}
      <span className="font-medium text-strong">{label}</span>
      {hint && <span className="text-muted text-xs">{hint}</span>}
      <input
        id={id}
        type="file"
        className="sr-only"
        accept={accept}
        multiple={multiple}
        disabled={blocked}
        onChange={(event) => {
          take(event.target.files);
          // The same file chosen again must count as a choice.
          event.target.value = "";
        }}
      />
    </label>
  );
}
