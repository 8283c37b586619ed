"use client";
import { Upload } from "lucide-react";
import { type DragEvent, type ReactNode, useId, useState } from "react";
import { cn } from "./cn";
import { droppedFiles, folderFiles, type NamedFile } from "./dropped-files";
import { Spinner } from "./spinner";

export type FileDropProps = {
  /** Empty where a folder held nothing of the endings. */
  onFiles: (files: NamedFile[]) => void;
  label: ReactNode;
  hint?: ReactNode;
  /** With this a whole folder can be chosen too. */
  folderLabel?: string;
  /** As of an input: ".json,.jsonl". */
  accept?: string;
  multiple?: boolean;
  disabled?: boolean;
  busy?: boolean;
  className?: string;
};

export function FileDrop({ onFiles, label, hint, folderLabel, accept, multiple, disabled, busy, className }: FileDropProps) {
  const id = useId();
  const [over, setOver] = useState(false);
  const blocked = disabled || busy;
  const endings = accept === undefined ? [] : accept.split(",");
  const take = (files: NamedFile[]) => {
    if (!blocked) onFiles(multiple ? files : files.slice(0, 1));
  };
  const chooseFolder = () => {
    const input = document.createElement("input");
    Object.assign(input, { type: "file", webkitdirectory: true });
    input.onchange = () => input.files?.length && take(folderFiles(input.files, endings));
    input.click();
  };
  const drag = (isOver: boolean) => (event: DragEvent) => {
    event.preventDefault();
    setOver(isOver);
  };
  return (
    <>
      <label
        htmlFor={id}
        onDragOver={drag(true)}
        onDragLeave={drag(false)}
        onDrop={(event) => {
          drag(false)(event);
          void droppedFiles(event.dataTransfer, endings).then(take);
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
          onChange={({ target }) => {
            const files = [...(target.files ?? [])].map((file) => ({ file, name: file.name }));
            if (files.length > 0) take(files);
            // The same file chosen again must count as a choice.
            target.value = "";
          }}
        />
      </label>
      {folderLabel && (
        <p className="mt-2 text-center text-sm">
          <button type="button" disabled={blocked} onClick={chooseFolder} className="text-link hover:underline">
            {folderLabel}
          </button>
        </p>
      )}
    </>
  );
}
