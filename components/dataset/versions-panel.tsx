"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTranslations } from "use-intl";
import { ErrorState, LoadingState } from "@/components/layout/states";
import { Badge } from "@/components/ui/badge";
import { Card } from "@/components/ui/card";
import { Table, TBody, Td, THead, Th, Tr } from "@/components/ui/table";
import { datasetQueries } from "@/lib/client/queries/datasets";
import { useFormat } from "@/lib/client/use-format";
import type { Dataset } from "@/lib/contract/dataset";
import { useReasonText } from "./use-reason-text";

/** All versions of this data set: where each came from, what it changed, who trained on it. */
export function VersionsPanel({ dataset }: { dataset: Dataset }) {
  const t = useTranslations("dataset.versions");
  const all = useQuery(datasetQueries.every());
  if (all.isError) return <ErrorState error={all.error} onRetry={() => all.refetch()} />;
  if (!all.data) return <LoadingState />;
  const family = all.data.filter(({ familyId }) => familyId === dataset.familyId).sort((a, b) => b.version - a.version);
  return (
    <Card flush>
      <Table>
        <THead>
          <Tr>
            <Th>{t("version")}</Th>
            <Th>{t("change")}</Th>
            <Th numeric>{t("usable")}</Th>
            <Th>{t("content")}</Th>
            <Th>{t("made")}</Th>
            <Th>{t("used")}</Th>
          </Tr>
        </THead>
        <TBody>
          {family.map((version) => (
            <VersionRow
              key={version.id}
              version={version}
              parent={family.find(({ id }) => id === version.parentId) ?? null}
              shown={version.id === dataset.id}
            />
          ))}
        </TBody>
      </Table>
    </Card>
  );
}

function VersionRow({ version, parent, shown }: { version: Dataset; parent: Dataset | null; shown: boolean }) {
  const t = useTranslations("dataset.versions");
  const status = useTranslations("dataset.status");
  const data = useTranslations("data");
  const format = useFormat();
  const changeText = useChangeText();
  const { report } = version;
  const more = report !== null && parent?.report ? report.usableRows - parent.report.usableRows : null;
  return (
    <Tr aria-selected={shown} className="align-top">
      <Td className="py-2">
        <Link href={`/data/${version.id}`} className="font-medium text-strong hover:underline">
          v{version.version}
        </Link>{" "}
        {shown && <Badge tone="iris">{t("shown")}</Badge>}
      </Td>
      <Td className="min-w-60 whitespace-normal py-2">
        {changeText(version, parent)}
        {parent && <span className="block text-muted text-xs">{t("from", { version: parent.version })}</span>}
      </Td>
      <Td numeric className="py-2">
        {report === null ? (
          status(version.status)
        ) : (
          <>
            {format.count(report.usableRows)}
            {more !== null && more !== 0 && (
              <span className={`ml-2 text-xs ${more > 0 ? "text-succeeded" : "text-muted"}`}>
                {more > 0 ? "+" : "−"}
                {format.count(Math.abs(more))}
              </span>
            )}
          </>
        )}
      </Td>
      <Td className="py-2 font-mono text-muted text-xs" title={report?.sha256}>
        {report?.sha256.slice(0, 12) ?? "–"}
      </Td>
      <Td className="py-2">{format.date(version.createdAt)}</Td>
      <Td className="py-2">{data("usedBy", { count: version.usedByRuns })}</Td>
    </Tr>
  );
}

function useChangeText(): (version: Dataset, parent: Dataset | null) => string {
  const t = useTranslations("dataset.versions.did");
  const action = useTranslations("dataset.health.do");
  const reasonText = useReasonText();
  return ({ change }, parent) => {
    switch (change.type) {
      case "import":
      case "remap":
        return t(change.type);
      case "fix":
        return Object.entries(change.actions)
          .filter(([reason, done]) => done !== parent?.report?.reasons.find((one) => one.reason === reason)?.action)
          .map(([reason, done]) => `${reasonText(reason)}: ${action(done)}`)
          .join(" · ");
      case "replace":
        return t("replace", { count: change.pairs.length });
      case "sample":
        return t("sample", { count: change.rows });
    }
  };
}
