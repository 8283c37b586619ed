"use client";
import { useTranslations } from "use-intl";
import { assertNever } from "@/lib/domain/assert-never";
import type { ImportForm, Line, Reason } from "@/lib/domain/import/types";
import { useProblemText } from "../use-problem-text";
import { useLabel } from "./use-shown-value";

/** What became of a setting, in a sentence. */
export function useLineText(form: ImportForm): (line: Line) => string {
  const t = useTranslations("import");
  const label = useLabel();
  const problemText = useProblemText();
  const why = ({ code, params }: Reason) => t(`reason.${code}`, params);
  return ({ verdict }) => {
    switch (verdict.kind) {
      case "taken":
        return [[...new Set(verdict.paths.map(label))].join(", "), verdict.note && why(verdict.note)].filter(Boolean).join(". ");
      case "idle":
      case "refused":
        return why(verdict.reason);
      case "invalid":
        return problemText({ kind: "schema", path: verdict.path, trouble: verdict.trouble });
      case "unknown":
        return [t("unknownName", { tool: t(`form.${form}`) }), verdict.nearest !== null && t("nearest", { name: verdict.nearest })]
          .filter(Boolean)
          .join(" ");
      case "absent":
        return t(`absent.${verdict.what}`, { reference: verdict.reference });
      default:
        return assertNever(verdict);
    }
  };
}
