"use client";
import { useTranslations } from "use-intl";
import { cn } from "@/components/ui/cn";
import { useConnection } from "@/lib/client/connection";

const tones = { connecting: "text-muted", live: "text-succeeded", reconnecting: "text-warning", offline: "text-failed" } as const;

export function ConnectionMark() {
  const t = useTranslations("nav");
  const connection = useConnection();
  return (
    <span
      role="status"
      title={t(`connectionHelp.${connection}`)}
      className={cn("flex items-center gap-1.5 whitespace-nowrap px-1 text-xs", tones[connection])}
    >
      <span aria-hidden className={cn("size-2 rounded-full", connection === "live" ? "bg-current" : "border-[1.5px] border-current")} />
      <span className={connection === "live" || connection === "connecting" ? "sr-only lg:not-sr-only" : undefined}>
        {t(`connection.${connection}`)}
      </span>
    </span>
  );
}
