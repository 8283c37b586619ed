"use client";
import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "./button";

export type CopyButtonProps = {
  /** Text, or how to get it when pressed. */ text: string | (() => string);
  label?: string;
  size?: "sm" | "md";
  className?: string;
};

/** With `label` a button with words, without it an icon only. */
export function CopyButton({ text, label, size = "sm", className }: CopyButtonProps) {
  const t = useTranslations("common");
  const [state, setState] = useState<"idle" | "copied" | "refused">("idle");
  useEffect(() => {
    if (state === "idle") return;
    const timer = setTimeout(() => setState("idle"), 1600);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = async () => {
    const value = typeof text === "string" ? text : text();
    try {
      // Over plain http on another machine there is no clipboard for pages; elsewhere it may refuse.
      await navigator.clipboard.writeText(value);
      setState("copied");
    } catch {
      setState("refused");
    }
  };
  const word = state === "copied" ? t("copied") : state === "refused" ? t("copyRefused") : (label ?? t("copy"));
  return (
    <Button
      variant="ghost"
      size={size}
      icon={!label}
      onClick={copy}
      aria-label={word}
      title={label ? undefined : word}
      className={className}
    >
      {state === "copied" ? <Check aria-hidden size={14} className="text-succeeded" /> : <Copy aria-hidden size={14} />}
      {label && <span aria-live="polite">{word}</span>}
    </Button>
  );
}
