"use client";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Tabs } from "@/components/ui/tabs";
import { useFormat } from "@/lib/client/use-format";
import type { Dataset } from "@/lib/contract/dataset";
import type { ReadyDataset } from "@/lib/domain/ready-dataset";
import { type DatasetTab, datasetTabs } from "./dataset-tab-names";
import { FactsPanel } from "./facts-panel";
import { HealthPanel } from "./health-panel";
import { LengthsPanel } from "./lengths/lengths-panel";
import { MappingPanel } from "./mapping/mapping-panel";
import { OverlapPanel } from "./overlap/overlap-panel";
import { RowsPanel } from "./rows/rows-panel";
import { TokensPanel } from "./tokens/tokens-panel";
import { VersionsPanel } from "./versions/versions-panel";

type DatasetTabsProps = { dataset: ReadyDataset; startTab: DatasetTab; startRow: number; onChecked: (next: Dataset) => void };

export function DatasetTabs({ dataset, startTab, startRow, onChecked }: DatasetTabsProps) {
  const t = useTranslations("dataset.tab");
  const format = useFormat();
  const [tab, setTab] = useState(startTab);
  const [row, setRow] = useState(() => Math.max(0, Math.min(startRow, dataset.report.rows - 1)));
  const { id, report } = dataset;
  const found = report.reasons.reduce((sum, { rows }) => sum + rows, 0);
  const choose = (next: DatasetTab) => {
    setTab(next);
    // A reload or a link shows the same tab; the page itself is not asked for again.
    window.history.replaceState(null, "", next === "rows" ? window.location.pathname : `?tab=${next}`);
  };
  const showRow = (index: number) => {
    setRow(index);
    choose("rows");
  };
  return (
    <>
      <Tabs
        value={tab}
        onValueChange={choose}
        className="mb-4"
        items={datasetTabs.map((value) => ({
          value,
          label: t(value),
          badge: value === "health" && found > 0 ? format.count(found) : undefined,
        }))}
      />
      {tab === "rows" && <RowsPanel dataset={dataset} row={row} onRow={setRow} />}
      {tab === "tokens" && <TokensPanel datasetId={id} total={report.rows} row={row} onRow={setRow} />}
      {tab === "lengths" && <LengthsPanel datasetId={id} />}
      {tab === "health" && <HealthPanel dataset={dataset} onRow={showRow} />}
      {tab === "overlap" && <OverlapPanel dataset={dataset} />}
      {tab === "mapping" && <MappingPanel dataset={dataset} onChecked={onChecked} />}
      {tab === "versions" && <VersionsPanel dataset={dataset} />}
      {tab === "facts" && <FactsPanel dataset={dataset} />}
    </>
  );
}
