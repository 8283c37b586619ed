"use client";
import { CircleHelp } from "lucide-react";
import { createContext, type ReactNode, useContext, useMemo } from "react";
import { useTranslations } from "use-intl";
import { cn } from "./cn";
import { useLateLayer } from "./use-late-layer";

type FieldAria = { id: string; "aria-describedby": string | undefined; "aria-invalid": true | undefined };
const FieldContext = createContext<FieldAria | null>(null);

/** Id, description and invalid mark for the control inside a Field; its own props win. */
export function useFieldAria(own: { id?: string; "aria-describedby"?: string; "aria-invalid"?: unknown }) {
  const field = useContext(FieldContext);
  if (field === null || (own.id !== undefined && own.id !== field.id)) return {};
  return { id: field.id, "aria-describedby": own["aria-describedby"] ?? field["aria-describedby"], "aria-invalid": field["aria-invalid"] };
}

export type FieldProps = {
  id: string;
  label: ReactNode;
  /** Behind the question mark. */
  help?: ReactNode;
  /** One muted line under the control; gives way to the error. */
  hint?: ReactNode;
  error?: ReactNode;
  changed?: boolean;
  onReset?: () => void;
  /** On the label's line, at the right. */
  aside?: ReactNode;
  className?: string;
  children: ReactNode;
};

export function Field({ id, label, help, hint, error, changed, onReset, aside, className, children }: FieldProps) {
  const noteId = `${id}-note`;
  const note = error ?? hint;
  const invalid = error !== undefined && error !== null && error !== "";
  const aria = useMemo<FieldAria>(
    () => ({ id, "aria-describedby": note ? noteId : undefined, "aria-invalid": invalid || undefined }),
    [id, note, noteId, invalid],
  );
  return (
    <div className={cn("min-w-0", className)}>
      <div className="mb-1.5 flex min-h-5 items-center gap-1.5">
        <label htmlFor={id} className="truncate font-medium text-normal text-sm">
          {label}
        </label>
        {help && <HelpMark label={label}>{help}</HelpMark>}
        {changed && <ChangedMark onReset={onReset} />}
        {aside && <span className="ml-auto text-muted text-xs">{aside}</span>}
      </div>
      <FieldContext value={aria}>{children}</FieldContext>
      {note && (
        <p id={noteId} role={invalid ? "alert" : undefined} className={cn("mt-1.5 text-xs", invalid ? "text-failed" : "text-muted")}>
          {note}
        </p>
      )}
    </div>
  );
}

const loadHelp = () => import("./help-layer").then((module) => module.HelpLayer);

function HelpMark({ label, children }: { label: ReactNode; children: ReactNode }) {
  const t = useTranslations("common");
  const { Layer, press } = useLateLayer(loadHelp);
  const about = typeof label === "string" ? t("helpAbout", { label }) : t("help");
  const mark = (
    <button
      type="button"
      aria-label={about}
      className="relative rounded-full text-muted after:absolute after:-inset-2 hover:text-strong"
      {...(Layer ? {} : { ...press, "aria-haspopup": "dialog", "aria-expanded": false })}
    >
      <CircleHelp aria-hidden size={13} />
    </button>
  );
  return Layer ? <Layer mark={mark}>{children}</Layer> : mark;
}

function ChangedMark({ onReset }: { onReset?: () => void }) {
  const t = useTranslations("common");
  return (
    <>
      <span role="img" className="size-1.5 shrink-0 rounded-full bg-iris" title={t("changed")} aria-label={t("changed")} />
      {onReset && (
        <button type="button" onClick={onReset} className="text-link text-xs hover:underline">
          {t("reset")}
        </button>
      )}
    </>
  );
}
