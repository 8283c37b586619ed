"use client";
import { type ReactNode, useId, useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "./button";
import { Dialog } from "./dialog";
import { Input } from "./input";

export type ConfirmDialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  /** What is freed, and what depends on it. */
  body?: ReactNode;
  confirmLabel: string;
  /** Where "Cancel" could mean the deed itself. */
  dismissLabel?: string;
  danger?: boolean;
  /** Closes when the promise is kept; stays open when it is broken (say why in a toast or in `body`). */
  onConfirm: () => unknown;
  /** Only for what can't be undone: this word must be typed. */
  typeToConfirm?: string;
};

export function ConfirmDialog({
  open,
  onOpenChange,
  title,
  body,
  confirmLabel,
  dismissLabel,
  danger,
  onConfirm,
  typeToConfirm,
}: ConfirmDialogProps) {
  const t = useTranslations("common");
  const id = useId();
  const [typed, setTyped] = useState("");
  const [busy, setBusy] = useState(false);
  const blocked = typeToConfirm !== undefined && typed.trim() !== typeToConfirm;
  const close = (next: boolean) => {
    setTyped("");
    onOpenChange(next);
  };
  const confirm = async () => {
    setBusy(true);
    try {
      await onConfirm();
      close(false);
    } catch {
      // The mutation has told why (toast or body); the dialog stays so that the person can try again.
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog
      open={open}
      onOpenChange={close}
      title={title}
      footer={
        <>
          <Button onClick={() => close(false)}>{dismissLabel ?? t("cancel")}</Button>
          <Button variant={danger ? "danger" : "primary"} loading={busy} disabled={blocked} onClick={confirm}>
            {confirmLabel}
          </Button>
        </>
      }
    >
      <div className="space-y-3">
        {body}
        {typeToConfirm !== undefined && (
          <div>
            <label htmlFor={id} className="mb-1.5 block">
              {t.rich("typeToConfirm", {
                word: typeToConfirm,
                code: (chunk) => <code className="rounded bg-sunken px-1 font-mono">{chunk}</code>,
              })}
            </label>
            <Input id={id} value={typed} onChange={(event) => setTyped(event.target.value)} />
          </div>
        )}
      </div>
    </Dialog>
  );
}
