"use client";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { NumberField } from "@/components/ui/number-field";
import { useFormat } from "@/lib/client/use-format";

type PagerProps = {
  offset: number;
  pageRows: number;
  /** Null while nobody knows how many there are. */
  total: number | null;
  /** A row of the page that is wanted. */
  onRow: (row: number) => void;
  /** False where the rows are a choice of others: they are counted from 1, and none is looked up by its number. */
  whole?: boolean;
};

export function Pager({ offset, pageRows, total, onRow, whole = true }: PagerProps) {
  const t = useTranslations("data");
  const format = useFormat();
  const last = Math.min(total ?? Number.POSITIVE_INFINITY, offset + pageRows);
  const [jump, setJump] = useState<number | null>(null);
  const go = () => {
    if (jump === null || !Number.isInteger(jump)) return;
    onRow(Math.max(0, total === null ? jump : Math.min(total - 1, jump)));
    setJump(null);
  };
  const first = whole ? 0 : Math.min(1, total ?? 1);
  const words = {
    from: format.count(offset + first),
    to: format.count(Math.max(0, whole ? last - 1 : last)),
    total: total === null ? "…" : format.count(total),
  };
  return (
    <div className="flex flex-wrap items-center gap-1.5 border-line border-b px-3 py-2 text-muted text-xs">
      <span className="mr-auto tabular-nums">{t("page", words)}</span>
      {whole && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            go();
          }}
        >
          <NumberField
            aria-label={t("jump")}
            placeholder={t("jump")}
            value={jump}
            onValueChange={setJump}
            allowEmpty
            min={0}
            max={total === null ? undefined : total - 1}
            className="w-28"
          />
        </form>
      )}
      <Button
        icon
        size="sm"
        variant="ghost"
        aria-label={t("previous")}
        disabled={offset === 0}
        onClick={() => onRow(Math.max(0, offset - pageRows))}
      >
        <ChevronLeft aria-hidden size={15} />
      </Button>
      <Button icon size="sm" variant="ghost" aria-label={t("next")} disabled={total !== null && last >= total} onClick={() => onRow(last)}>
        <ChevronRight aria-hidden size={15} />
      </Button>
    </div>
  );
}
