"use client";
import { TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { CopyButton } from "@/components/ui/copy-button";
import { Skeleton } from "@/components/ui/skeleton";
import { ApiError } from "@/lib/client/request";
import { useErrorText } from "@/lib/client/use-error-text";

/** Shown only after 150 ms: what comes quickly does not flicker. Children: skeletons of the final size. */
export function LoadingState({ className, children }: { className?: string; children?: ReactNode }) {
  const t = useTranslations("common");
  return (
    <div role="status" aria-label={t("loading")} className={cn("animate-appear-late", className)}>
      {children ?? (
        <div className="space-y-3">
          <Skeleton className="h-8 w-1/3" />
          <Skeleton className="h-40" />
        </div>
      )}
    </div>
  );
}

export type EmptyStateProps = { icon?: ReactNode; title: ReactNode; body?: ReactNode; action?: ReactNode; className?: string };

/** One sentence what belongs here, one button that gets it. */
export function EmptyState({ icon, title, body, action, className }: EmptyStateProps) {
  return (
    <div className={cn("flex flex-col items-center gap-2 px-6 py-14 text-center", className)}>
      {icon && <div className="mb-1 text-muted">{icon}</div>}
      <p className="font-medium text-strong">{title}</p>
      {body && <p className="max-w-md text-muted text-sm">{body}</p>}
      {action && <div className="mt-3 flex flex-wrap justify-center gap-2">{action}</div>}
    </div>
  );
}

export type ErrorStateProps = { error: unknown; onRetry?: () => void; title?: ReactNode; className?: string };

/** What happened, why, what to do; the details can be copied. */
export function ErrorState({ error, onRetry, title, className }: ErrorStateProps) {
  const t = useTranslations("common");
  const errorText = useErrorText();
  return (
    <div role="alert" className={cn("flex items-start gap-3 rounded-lg border border-line bg-failed-soft p-4", className)}>
      <TriangleAlert aria-hidden size={18} className="mt-0.5 shrink-0 text-failed" />
      <div className="min-w-0 flex-1 text-sm">
        {title && <p className="font-medium text-strong">{title}</p>}
        <p className="break-words text-strong">{errorText(error)}</p>
        <div className="mt-2 flex flex-wrap items-center gap-2">
          {onRetry && (
            <Button size="sm" onClick={onRetry}>
              {t("retry")}
            </Button>
          )}
          <CopyButton text={() => detailsOf(error)} label={t("copyDetails")} />
        </div>
      </div>
    </div>
  );
}

function detailsOf(error: unknown): string {
  if (error instanceof ApiError) {
    const { code, status, params, fields, requestId, message } = error;
    return JSON.stringify({ code, status, message, params, fields, requestId, page: location.pathname }, null, 2);
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
