"use client";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { Card } from "@/components/ui/card";
import { CopyButton } from "@/components/ui/copy-button";
import { systemQueries } from "@/lib/client/queries/system";
import { useFormat } from "@/lib/client/use-format";
import type { Run } from "@/lib/contract/run";
import { CheckpointsTable } from "./checkpoints-table";

/** Where the run lies on the disk and what its checkpoints weigh. */
export function FilesPanel({ run }: { run: Run }) {
  const t = useTranslations("run");
  const format = useFormat();
  const home = useQuery(systemQueries.report()).data?.home;
  const bytes = run.checkpoints.reduce((sum, checkpoint) => sum + checkpoint.bytes, 0);
  const folder = home === undefined ? null : `${home}/runs/${run.id}`;
  return (
    <div className="space-y-4">
      <CheckpointsTable run={run} />
      <Card title={t("files.folder")}>
        <dl className="grid items-baseline gap-x-6 gap-y-2 text-sm sm:grid-cols-[auto_minmax(0,1fr)]">
          <dt className="text-muted">{t("files.path")}</dt>
          <dd className="flex min-w-0 items-baseline gap-1">
            <code className="min-w-0 break-all font-mono text-strong text-xs">{folder ?? "…"}</code>
            {folder !== null && <CopyButton text={folder} />}
          </dd>
          <dt className="text-muted">{t("files.checkpointBytes")}</dt>
          <dd className="text-strong">{format.bytes(bytes)}</dd>
          <dt className="text-muted">{t("files.events")}</dt>
          <dd className="font-mono text-xs leading-5">events.jsonl</dd>
          <dt className="text-muted">{t("files.attempt")}</dt>
          <dd className="font-mono text-xs leading-5">a{run.attempt}/ · spec.json · resolved.json · output.log</dd>
        </dl>
      </Card>
    </div>
  );
}
