"use client";
import { Download, Expand, FileSpreadsheet, Table2 } from "lucide-react";
import { type ReactNode, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Dialog } from "@/components/ui/dialog";
import { Menu } from "@/components/ui/menu";
import { toast } from "@/components/ui/toast";
import { CurveTable } from "./curve-table";
import { LiveChart, type LiveChartHandle, type LiveChartProps } from "./live-chart";
import { saveFile } from "./save-file";

export type ChartCardProps = Omit<LiveChartProps, "label" | "handle" | "log"> & {
  title: string;
  /** Between the title and the buttons, such as "smoothing 0.6 · x: step". */
  note?: ReactNode;
  log: boolean;
  onLog: (log: boolean) => void;
  /** The whole series as text of a CSV file. */
  readCsv: () => Promise<string>;
  fileName: string;
};

/** A chart with its title, log switch, full screen, picture, table and file. */
export function ChartCard({ title, note, log, onLog, readCsv, fileName, ...chart }: ChartCardProps) {
  const t = useTranslations("run.charts");
  const handle = useRef<LiveChartHandle>(null);
  const large = useRef<LiveChartHandle>(null);
  const [open, setOpen] = useState<"no" | "large" | "table">("no");
  const label = t("chartLabel", { title });

  const save = async (name: string, make: () => Promise<Blob> | null | undefined) => {
    try {
      const blob = await make();
      if (blob) saveFile(name, blob);
    } catch (error) {
      toast.error(t("exportFailed", { reason: error instanceof Error ? error.message : String(error) }));
    }
  };
  const savePicture = (from: typeof handle) => save(`${fileName}.png`, () => from.current?.image(title));
  const saveCsv = () => save(`${fileName}.csv`, async () => new Blob([await readCsv()], { type: "text/csv" }));
  const items = (from: typeof handle) => [
    { label: t("savePng"), icon: <Download size={14} />, onSelect: () => void savePicture(from) },
    { label: t("saveCsv"), icon: <FileSpreadsheet size={14} />, onSelect: () => void saveCsv() },
    { label: t("asTable"), icon: <Table2 size={14} />, onSelect: () => setOpen("table") },
  ];
  const logButton = (
    <Button
      variant="ghost"
      size="sm"
      aria-pressed={log}
      onClick={() => onLog(!log)}
      title={t("logHint")}
      className={log ? "text-link" : undefined}
    >
      log
    </Button>
  );

  return (
    <Card
      title={title}
      actions={
        <div className="flex items-center gap-0.5">
          {note && <span className="mr-2 hidden text-muted text-xs sm:inline">{note}</span>}
          {logButton}
          <Menu
            trigger={
              <Button variant="ghost" size="sm" icon aria-label={t("more", { title })}>
                ⋯
              </Button>
            }
            items={items(handle)}
          />
          <Button variant="ghost" size="sm" icon aria-label={t("fullScreen", { title })} onClick={() => setOpen("large")}>
            <Expand aria-hidden size={14} />
          </Button>
        </div>
      }
    >
      <LiveChart label={label} log={log} handle={handle} {...chart} />
      <Dialog
        open={open === "large"}
        onOpenChange={(next) => setOpen(next ? "large" : "no")}
        title={title}
        description={t("zoomHint")}
        size="lg"
      >
        <div className="mb-2 flex justify-end gap-1">
          {logButton}
          <Menu
            trigger={
              <Button variant="ghost" size="sm" icon aria-label={t("more", { title })}>
                ⋯
              </Button>
            }
            items={items(large)}
          />
        </div>
        <LiveChart
          label={label}
          log={log}
          handle={large}
          {...chart}
          legend
          height={Math.max(240, Math.min(560, innerHeightOr(700) - 330))}
        />
      </Dialog>
      <Dialog
        open={open === "table"}
        onOpenChange={(next) => setOpen(next ? "table" : "no")}
        title={title}
        description={t("tableHint")}
        size="md"
      >
        <CurveTable series={chart.series} source={chart.source} view={chart.view} />
      </Dialog>
    </Card>
  );
}

const innerHeightOr = (fallback: number) => (typeof window === "undefined" ? fallback : window.innerHeight);
