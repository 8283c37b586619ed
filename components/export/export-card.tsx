"use client";
import { Download, MessageSquare, Trash2 } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { StatusBadge } from "@/components/layout/status-badge";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { toast } from "@/components/ui/toast";
import { withBase } from "@/lib/client/base-path";
import { useDeleteRun, useStopRun } from "@/lib/client/queries/runs";
import { useErrorText } from "@/lib/client/use-error-text";
import { useFormat } from "@/lib/client/use-format";
import type { Run } from "@/lib/contract/run";
import { chatTargetKey } from "@/lib/domain/chat-target";
import { canDelete, canStop, isEnded } from "@/lib/domain/run-status";
import { ExportFailure } from "./export-failure";
import { ExportFiles } from "./export-files";
import { ExportProgress } from "./export-progress";

/** One export: how far it is, or what it became. */
export function ExportCard({ run, source }: { run: Run; source: Run | undefined }) {
  const t = useTranslations("exports");
  const format = useFormat();
  const errorText = useErrorText();
  const [asking, setAsking] = useState(false);
  const stop = useStopRun();
  const remove = useDeleteRun();
  if (run.spec.kind !== "export") return null;
  const { spec } = run;
  const tell = (error: unknown) => {
    toast.error(errorText(error));
  };
  const deleteNow = () =>
    remove.mutateAsync({ runId: run.id }).then(
      ({ freedBytes }) => toast.success(t("deleted", { name: run.name, size: format.bytes(freedBytes) })),
      (error: unknown) => {
        tell(error);
        throw error;
      },
    );
  const done = run.status === "succeeded" && run.artifact !== null;
  return (
    <article className="rounded-lg border border-line bg-panel p-4">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <div className="min-w-0 flex-1 basis-64">
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <StatusBadge status={run.status} failureCode={run.failure?.code} queuePosition={run.queuePosition} />
            <h3 className="min-w-0 break-words font-semibold text-base text-strong">{run.name}</h3>
            <Badge>{t(spec.form)}</Badge>
            {spec.dtype !== "auto" && <Badge>{spec.dtype}</Badge>}
          </div>
          <p className="mt-0.5 text-muted text-sm">
            <Link href={`/runs/${spec.runId}`} className="underline-offset-2 hover:text-strong hover:underline">
              {source?.name ?? spec.runId}
            </Link>
            {" · "}
            {spec.checkpoint}
            {run.artifact !== null && ` · ${format.bytes(run.artifact.bytes)}`}
            {" · "}
            <time dateTime={new Date(run.createdAt).toISOString()} title={format.date(run.createdAt)}>
              {format.ago(run.createdAt, Date.now())}
            </time>
          </p>
        </div>
        <div className="flex flex-wrap items-center gap-2">
          {done && (
            <>
              <Button asChild size="sm">
                <Link href={`/chat?model=${encodeURIComponent(chatTargetKey({ type: "export", runId: run.id }))}`}>
                  <MessageSquare aria-hidden size={13} />
                  {t("chat")}
                </Link>
              </Button>
              <Button asChild size="sm" variant="primary">
                <a href={withBase(`/api/exports/${run.id}/archive`)} download>
                  <Download aria-hidden size={13} />
                  {t("downloadAll")}
                </a>
              </Button>
            </>
          )}
          {canStop(run) && (
            <Button size="sm" loading={stop.isPending} onClick={() => stop.mutate({ runId: run.id, save: false }, { onError: tell })}>
              {t("stop")}
            </Button>
          )}
          {canDelete(run) && (
            <Button
              size="sm"
              variant="ghost"
              icon
              aria-label={t("delete", { name: run.name })}
              title={t("deleteShort")}
              onClick={() => setAsking(true)}
            >
              <Trash2 aria-hidden size={14} />
            </Button>
          )}
        </div>
      </div>
      {!isEnded(run.status) && <ExportProgress run={run} />}
      {run.failure !== null && <ExportFailure failure={run.failure} />}
      {done && run.artifact !== null && <ExportFiles runId={run.id} artifact={run.artifact} />}
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={t("confirmDelete", { name: run.name })}
        body={<p>{t("confirmDeleteBody", { size: format.bytes(run.artifact?.bytes ?? 0) })}</p>}
        confirmLabel={t("deleteShort")}
        danger
        onConfirm={deleteNow}
      />
    </article>
  );
}
