"use client";
import { useTranslations } from "use-intl";
import { CopyButton } from "@/components/ui/copy-button";
import { ScrollText } from "@/components/ui/scroll-box";
import { useFailureText } from "@/lib/client/use-error-text";
import type { RunFailure } from "@/lib/contract/run";

/** What went wrong, what to do, and the traceback for those who want it. */
export function ExportFailure({ failure }: { failure: RunFailure }) {
  const t = useTranslations("exports");
  const text = useFailureText()(failure);
  const details = [`${failure.code}: ${failure.message}`, failure.traceback].filter(Boolean).join("\n\n");
  return (
    <div role="alert" className="mt-3 rounded-md bg-failed-soft px-3 py-2.5 text-sm">
      <p className="break-words text-strong">{text.body ?? text.title}</p>
      <p className="mt-1 break-words font-medium text-strong">{text.remedy}</p>
      {text.detail !== null && (
        <p lang="en" className="mt-1 break-words text-muted text-xs">
          {text.detail}
        </p>
      )}
      {failure.traceback !== null && (
        <details className="mt-1.5">
          <summary className="cursor-pointer text-muted hover:text-strong">{t("details")}</summary>
          <ScrollText className="mt-2 max-h-64">{failure.traceback}</ScrollText>
        </details>
      )}
      <div className="-ml-2 mt-1">
        <CopyButton text={details} label={t("copyDetails")} />
      </div>
    </div>
  );
}
