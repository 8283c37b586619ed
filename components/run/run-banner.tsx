"use client";
import { ChevronRight, OctagonAlert, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";
import { cn } from "@/components/ui/cn";
import { CopyButton } from "@/components/ui/copy-button";
import { ScrollText } from "@/components/ui/scroll-box";
import { useFailureText } from "@/lib/client/use-error-text";
import type { Run } from "@/lib/contract/run";

/** Shown only when a person is needed: a failure, a lost worker, values that are not finite, the worker's warnings. */
export function RunBanners({ run }: { run: Run }) {
  const nonFinite = Object.entries(run.nonFinite).filter(([, count]) => count > 0);
  return (
    <>
      {run.failure !== null && <FailureBanner run={run} failure={run.failure} />}
      {run.status === "lost" && run.failure === null && <LostBanner />}
      {nonFinite.length > 0 && <NonFiniteBanner metrics={nonFinite} />}
      {run.warnings.length > 0 && <WarningsBanner warnings={run.warnings} />}
    </>
  );
}

function FailureBanner({ run, failure }: { run: Run; failure: NonNullable<Run["failure"]> }) {
  const t = useTranslations("run");
  const text = useFailureText()(failure);
  const exit =
    failure.signal !== null
      ? t("bySignal", { signal: failure.signal })
      : failure.exitCode !== null
        ? t("exitCode", { code: failure.exitCode })
        : null;
  const details = [`${failure.code}: ${failure.message}`, exit, failure.traceback].filter(Boolean).join("\n\n");
  return (
    <Banner
      tone="failed"
      title={text.title}
      actions={<CopyButton text={`${run.name} (${run.id})\n\n${details}`} label={t("copyDetails")} />}
    >
      {text.body !== null && <p className="break-words">{text.body}</p>}
      <p className="mt-1 break-words font-medium text-strong">{text.remedy}</p>
      {text.detail !== null && (
        <p lang="en" className="mt-1 break-words text-muted text-xs">
          {text.detail}
        </p>
      )}
      {(failure.traceback !== null || exit !== null) && <Details summary={t("details")}>{details}</Details>}
    </Banner>
  );
}

function LostBanner() {
  const t = useTranslations("run");
  return (
    <Banner tone="failed" title={t("lostTitle")}>
      <p>{t("lostBody")}</p>
    </Banner>
  );
}

function NonFiniteBanner({ metrics }: { metrics: [string, number][] }) {
  const t = useTranslations("run");
  return (
    <Banner tone="warning" title={t("nonFiniteTitle")}>
      <p>
        {metrics.map(([name, count]) => t("nonFiniteCount", { name, count })).join(" · ")} {t("nonFiniteRemedy")}
      </p>
    </Banner>
  );
}

function WarningsBanner({ warnings }: { warnings: Run["warnings"] }) {
  const t = useTranslations("run");
  const newest = warnings.at(-1);
  if (newest === undefined) return null;
  return (
    <Banner tone="warning" title={t("warnings", { count: warnings.length })}>
      <p className="break-words">{newest.message}</p>
      {warnings.length > 1 && (
        <Details summary={t("allWarnings")}>
          {warnings.map((one) => `${new Date(one.t).toLocaleTimeString()}  ${one.message}`).join("\n")}
        </Details>
      )}
    </Banner>
  );
}

type BannerProps = { tone: "failed" | "warning"; title: string; actions?: ReactNode; children: ReactNode };

function Banner({ tone, title, actions, children }: BannerProps) {
  const Icon = tone === "failed" ? OctagonAlert : TriangleAlert;
  return (
    <div
      role={tone === "failed" ? "alert" : "status"}
      className={cn(
        "mb-4 flex gap-3 rounded-lg border px-3.5 py-2.5 text-sm",
        tone === "failed"
          ? "border-[color-mix(in_oklab,var(--failed)_40%,var(--line))] bg-failed-soft"
          : "border-[color-mix(in_oklab,var(--warning)_40%,var(--line))] bg-warning-soft",
      )}
    >
      <Icon aria-hidden size={17} className={cn("mt-0.5 shrink-0", tone === "failed" ? "text-failed" : "text-warning")} />
      <div className="min-w-0 flex-1">
        <p className="font-semibold text-strong">{title}</p>
        {children}
        {actions && <div className="-ml-2 mt-1">{actions}</div>}
      </div>
    </div>
  );
}

function Details({ summary, children }: { summary: string; children: string }) {
  return (
    <details className="group mt-1.5">
      <summary className="inline-flex cursor-pointer list-none items-center gap-1 text-muted text-sm hover:text-strong">
        <ChevronRight aria-hidden size={14} className="transition-transform group-open:rotate-90" />
        {summary}
      </summary>
      <ScrollText className="mt-2 max-h-80">{children}</ScrollText>
    </details>
  );
}
