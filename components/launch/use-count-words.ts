"use client";
import { useTranslations } from "use-intl";
import { useFormat } from "@/lib/client/use-format";
import type { SetCounts } from "@/lib/domain/mix";

/** What becomes of a set's rows, in a short line: “172 train, each about 2 times · 5 validate”. */
export function useCountWords(): (counts: SetCounts) => string {
  const t = useTranslations("launch.data");
  const format = useFormat();
  return ({ train, validation, repeated, unused }) => {
    const times = train / Math.max(1, train - repeated);
    return [
      repeated > 0
        ? t("trainsAgain", { count: format.count(train), times: format.count(Number(times.toPrecision(2))) })
        : t("trains", { count: format.count(train) }),
      unused > 0 && t("unused", { count: format.count(unused) }),
      validation > 0 && t("validates", { count: format.count(validation) }),
    ]
      .filter(Boolean)
      .join(" · ");
  };
}
