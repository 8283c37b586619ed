"use client";
import { useTranslations } from "use-intl";
import { ScrollBox } from "@/components/ui/scroll-box";
import { Table, TBody, Td, THead, Th, Tr } from "@/components/ui/table";
import { drawCurve } from "@/lib/domain/series";
import { formatReading, formatX } from "./chart-format";
import type { PlotSeries, PlotSource, PlotView } from "./plot-data";

const MAX_ROWS = 120;

/** The picture in numbers: for screen readers, and for those who want to read a value off. */
export function CurveTable({ series, source, view }: { series: readonly PlotSeries[]; source: PlotSource; view: PlotView }) {
  const t = useTranslations("run.charts");
  return (
    <div className="space-y-5">
      {series.map((one) => {
        const curve = source.curve(one.name);
        const rows =
          curve === undefined ? null : drawCurve(curve, { ...view, weight: view.smoothing, maxPoints: MAX_ROWS, ...(view.zoom ?? {}) });
        return (
          <ScrollBox key={one.name} className="max-h-80 rounded-md border border-line">
            <Table>
              <caption className="sr-only">{one.label}</caption>
              <THead>
                <Tr>
                  <Th>{t(`axis.${view.axis}`)}</Th>
                  <Th numeric>{one.label}</Th>
                  <Th numeric>{t("smoothed")}</Th>
                  <Th numeric>{t("least")}</Th>
                  <Th numeric>{t("greatest")}</Th>
                </Tr>
              </THead>
              <TBody>
                {rows?.x.map((x, i) => (
                  <Tr key={x}>
                    <Td>{formatX(x, view.axis)}</Td>
                    <Td numeric>{read(rows.mean[i])}</Td>
                    <Td numeric>{read(rows.smooth[i])}</Td>
                    <Td numeric>{read(rows.low[i])}</Td>
                    <Td numeric>{read(rows.high[i])}</Td>
                  </Tr>
                ))}
              </TBody>
            </Table>
          </ScrollBox>
        );
      })}
    </div>
  );
}

const read = (value: number | null | undefined) => (value === null || value === undefined ? "–" : formatReading(value));
