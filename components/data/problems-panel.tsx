"use client";
import { CircleCheck } from "lucide-react";
import { useTranslations } from "use-intl";
import { EmptyState } from "@/components/layout/states";
import { Badge } from "@/components/ui/badge";
import { Card } from "@/components/ui/card";
import { Table, TBody, Td, THead, Th, Tr } from "@/components/ui/table";
import { useFormat } from "@/lib/client/use-format";
import type { DatasetReport } from "@/lib/contract/dataset";

export function ProblemsPanel({ report, onRow }: { report: DatasetReport; onRow: (row: number) => void }) {
  const t = useTranslations("data");
  const format = useFormat();
  const reasonText = (reason: string) => (t.has(`reason.${reason}`) ? t(`reason.${reason}`) : reason);
  const counts = Object.entries(report.problemCounts).sort(([, a], [, b]) => b - a);
  if (counts.length === 0)
    return (
      <Card>
        <EmptyState icon={<CircleCheck size={22} className="text-succeeded" />} title={t("noProblems")} />
      </Card>
    );
  return (
    <>
      <p className="mb-3 text-sm">{t("problemsIntro", { count: report.rows - report.usableRows })}</p>
      <div className="mb-4 flex flex-wrap gap-2">
        {counts.map(([reason, count]) => (
          <Badge key={reason} tone="warning">
            {reasonText(reason)} <b className="font-semibold">{format.count(count)}</b>
          </Badge>
        ))}
      </div>
      <Card title={t("problemsFirst", { count: report.problems.length })} flush>
        <Table>
          <THead>
            <Tr>
              <Th numeric>{t("row")}</Th>
              <Th numeric>{t("line")}</Th>
              <Th>{t("field")}</Th>
              <Th>{t("value")}</Th>
              <Th>{t("why")}</Th>
            </Tr>
          </THead>
          <TBody>
            {report.problems.map((problem) => (
              <Tr key={`${problem.row}-${problem.field}`} className="align-top">
                <Td numeric className="py-2">
                  <button type="button" className="text-link hover:underline" onClick={() => onRow(problem.row)}>
                    {problem.row}
                  </button>
                </Td>
                <Td numeric className="py-2 text-muted">
                  {problem.line ?? "–"}
                </Td>
                <Td className="py-2 font-mono text-xs">{problem.field}</Td>
                <Td className="max-w-72 whitespace-normal break-all py-2 font-mono text-xs">
                  {problem.value || <span className="font-sans text-muted">{t("emptyValue")}</span>}
                </Td>
                <Td className="min-w-60 whitespace-normal py-2">
                  <span className="font-medium text-strong">{reasonText(problem.reason)}</span>
                  <span className="block text-muted text-xs">{problem.message}</span>
                </Td>
              </Tr>
            ))}
          </TBody>
        </Table>
      </Card>
    </>
  );
}
