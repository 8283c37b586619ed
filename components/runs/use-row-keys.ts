import { useMemo } from "react";
import { useTranslations } from "use-intl";
import { type Shortcut, useShortcuts } from "@/lib/client/shortcuts";

/** j and k move the focus over the links of the rows, so that Enter opens by itself, and presses buttons elsewhere; x selects. */
export function useRowKeys(onSelect: (runId: string) => void): void {
  const t = useTranslations("runs");
  const shortcuts = useMemo<Shortcut[]>(
    () => [
      { keys: "j", label: t("key.next"), group: "page", run: () => moveFocus(1) },
      { keys: "k", label: t("key.previous"), group: "page", run: () => moveFocus(-1) },
      {
        keys: "x",
        label: t("key.select"),
        group: "page",
        run: () => {
          const runId = currentRow()?.dataset.run;
          if (runId) onSelect(runId);
        },
      },
    ],
    [t, onSelect],
  );
  useShortcuts(shortcuts);
}

const currentRow = (): HTMLElement | null => document.activeElement?.closest<HTMLElement>("[data-run]") ?? null;

function moveFocus(step: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>("[data-run]")];
  const here = currentRow();
  const index = here ? rows.indexOf(here) + step : firstInSight(rows);
  const link = rows[Math.max(0, Math.min(rows.length - 1, index))]?.querySelector<HTMLElement>("a");
  link?.focus();
  link?.scrollIntoView({ block: "nearest" });
}

/** Below the top line and the table's head, which cover what scrolls under them. */
const COVERED_PX = 82;
const firstInSight = (rows: readonly HTMLElement[]): number => rows.findIndex((row) => row.getBoundingClientRect().top >= COVERED_PX);
