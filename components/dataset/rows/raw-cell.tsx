"use client";
import { useTranslations } from "use-intl";
import { cn } from "@/components/ui/cn";
import { Td } from "@/components/ui/table";
import type { RawRow } from "@/lib/contract/dataset-view";

export function RawCell({ value, cut }: { value: RawRow["cells"][string] | undefined; cut: boolean }) {
  const t = useTranslations("dataset.table");
  if (value === undefined || value === null) return <Td className="py-2 text-muted text-xs">{value === null ? "null" : "–"}</Td>;
  if (value === "") return <Td className="py-2 text-muted text-xs">{t("emptyText")}</Td>;
  return (
    <Td dir="auto" className={cn("max-w-[360px] py-2", typeof value === "number" && "text-right tabular-nums")}>
      <span className="line-clamp-2 w-max max-w-[340px] whitespace-pre-wrap break-words text-sm">
        {String(value)}
        {cut && "…"}
      </span>
    </Td>
  );
}
