"use client";
import { useTranslations } from "use-intl";
import { Table, TBody, Td, THead, Th, Tr } from "@/components/ui/table";
import { useSaidText } from "@/lib/client/use-said-text";
import type { RowProblem } from "@/lib/contract/dataset";
import { useReasonText } from "./use-reason-text";

/** Where, what stands there, and why that is a trouble. */
export function ProblemTable({ problems, onRow }: { problems: readonly RowProblem[]; onRow: (row: number) => void }) {
  const t = useTranslations("data");
  const reasonText = useReasonText();
  const saidText = useSaidText();
  return (
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
        {problems.map((problem) => (
          <Tr key={`${problem.row}-${problem.reason}-${problem.field}`} className="align-top">
            <Td numeric className="py-2">
              <button type="button" className="text-link hover:underline" onClick={() => onRow(problem.row)}>
                {problem.row}
              </button>
            </Td>
            <Td numeric className="py-2 text-muted">
              {problem.line ?? "–"}
            </Td>
            <Td className="py-2 font-mono text-xs">{problem.field}</Td>
            <Td className="min-w-36 max-w-72 whitespace-normal break-all py-2 font-mono text-xs">
              {problem.value || <span className="font-sans text-muted">{t("emptyValue")}</span>}
            </Td>
            <Td className="min-w-60 whitespace-normal py-2">
              <span className="font-medium text-strong">{reasonText(problem.reason)}</span>
              <span className="block text-muted text-xs">{saidText(problem.said, problem.message)}</span>
            </Td>
          </Tr>
        ))}
      </TBody>
    </Table>
  );
}
