"use client";
import { MoreHorizontal, Play, RotateCcw, Trash2, Upload } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { ResumeDialog } from "@/components/layout/resume-dialog";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Menu } from "@/components/ui/menu";
import { Table, TBody, Td, THead, Th, Tr } from "@/components/ui/table";
import { toast } from "@/components/ui/toast";
import { useDeleteCheckpoint } from "@/lib/client/queries/runs";
import { useErrorText } from "@/lib/client/use-error-text";
import { useFormat } from "@/lib/client/use-format";
import type { Checkpoint, Run } from "@/lib/contract/run";
import { bestCheckpoint } from "@/lib/domain/best-checkpoint";
import { canSpeak, chatTargetKey } from "@/lib/domain/chat-target";
import { formatLoss } from "@/lib/domain/format";
import { canResume, isActive } from "@/lib/domain/run-status";

export function CheckpointsTable({ run }: { run: Run }) {
  const t = useTranslations("run");
  const format = useFormat();
  const errorText = useErrorText();
  const remove = useDeleteCheckpoint();
  const [asked, setAsked] = useState<{ what: "delete" | "resume"; checkpoint: Checkpoint } | null>(null);
  const router = useRouter();
  const best = bestCheckpoint(run);
  const exportOf = (checkpoint: Checkpoint) => `/exports?run=${run.id}&checkpoint=${checkpoint.name}`;
  const title = t("checkpoints");
  if (run.checkpoints.length === 0)
    return (
      <Card title={title}>
        <p className="text-muted text-sm">{isActive(run.status) || run.status === "queued" ? t("noCheckpointsYet") : t("noCheckpoints")}</p>
      </Card>
    );
  const deleteNow = async (checkpoint: Checkpoint) => {
    await remove.mutateAsync({ runId: run.id, checkpoint: checkpoint.name }).catch((error: unknown) => {
      toast.error(errorText(error));
      throw error;
    });
  };
  return (
    <Card title={title} flush>
      <Table>
        <THead>
          <Tr>
            <Th>{t("checkpoint")}</Th>
            <Th numeric className="hidden sm:table-cell">
              {t("step")}
            </Th>
            <Th numeric className="hidden sm:table-cell">
              {t("metric.loss")}
            </Th>
            <Th numeric>{t("metric.eval_loss")}</Th>
            <Th numeric className="hidden sm:table-cell">
              {t("size")}
            </Th>
            <Th className="hidden md:table-cell">{t("saved")}</Th>
            <Th>
              <span className="sr-only">{t("actions")}</span>
            </Th>
          </Tr>
        </THead>
        <TBody>
          {[...run.checkpoints].reverse().map((checkpoint) => (
            <Tr key={checkpoint.name}>
              <Td className="font-medium text-strong">
                <span className="inline-flex items-center gap-2">
                  {checkpoint.name}
                  {checkpoint.name === best && <Badge tone="succeeded">{t("best")}</Badge>}
                </span>
              </Td>
              <Td numeric className="hidden sm:table-cell">
                {format.count(checkpoint.step)}
              </Td>
              <Td numeric className="hidden sm:table-cell">
                {checkpoint.loss === null ? "–" : formatLoss(checkpoint.loss)}
              </Td>
              <Td numeric>{checkpoint.evalLoss === null ? "–" : formatLoss(checkpoint.evalLoss)}</Td>
              <Td numeric className="hidden sm:table-cell">
                {format.bytes(checkpoint.bytes)}
              </Td>
              <Td className="hidden text-muted md:table-cell" title={format.date(checkpoint.createdAt)}>
                {t(`reason.${checkpoint.reason}`)}
              </Td>
              <Td numeric>
                <span className="inline-flex items-center justify-end gap-0.5">
                  {canSpeak(run) && (
                    <>
                      <Button asChild variant="ghost" size="sm">
                        <Link
                          href={`/chat?model=${encodeURIComponent(chatTargetKey({ type: "checkpoint", runId: run.id, checkpoint: checkpoint.name }))}`}
                        >
                          {t("chat")}
                        </Link>
                      </Button>
                      <Button asChild variant="ghost" size="sm" className="hidden sm:inline-flex">
                        <Link href={exportOf(checkpoint)}>{t("export")}</Link>
                      </Button>
                    </>
                  )}
                  <Menu
                    trigger={
                      <Button variant="ghost" size="sm" icon aria-label={t("moreFor", { name: checkpoint.name })}>
                        <MoreHorizontal aria-hidden size={15} />
                      </Button>
                    }
                    items={[
                      ...(canSpeak(run)
                        ? [{ label: t("export"), icon: <Upload size={14} />, onSelect: () => router.push(exportOf(checkpoint)) }]
                        : []),
                      {
                        label: t("resumeHere"),
                        icon: <RotateCcw size={14} />,
                        disabled: !canResume(run),
                        onSelect: () => setAsked({ what: "resume", checkpoint }),
                      },
                      {
                        label: t("startHere"),
                        icon: <Play size={14} />,
                        disabled: run.spec.kind !== "train" || run.spec.lora === null,
                        onSelect: () => router.push(`/launch?from=${run.id}&checkpoint=${checkpoint.name}`),
                      },
                      {
                        label: t("deleteCheckpoint"),
                        icon: <Trash2 size={14} />,
                        danger: true,
                        onSelect: () => setAsked({ what: "delete", checkpoint }),
                      },
                    ]}
                  />
                </span>
              </Td>
            </Tr>
          ))}
        </TBody>
      </Table>
      {asked?.what === "resume" && <ResumeDialog run={run} checkpoint={asked.checkpoint.name} onClose={() => setAsked(null)} />}
      {asked?.what === "delete" && (
        <ConfirmDialog
          open
          onOpenChange={() => setAsked(null)}
          title={t("confirmDeleteCheckpoint", { name: asked.checkpoint.name })}
          body={<p>{t("confirmDeleteCheckpointBody", { size: format.bytes(asked.checkpoint.bytes) })}</p>}
          confirmLabel={t("deleteCheckpoint")}
          danger
          onConfirm={() => deleteNow(asked.checkpoint)}
        />
      )}
    </Card>
  );
}
