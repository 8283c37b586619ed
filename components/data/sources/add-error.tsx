"use client";
import { useTranslations } from "use-intl";
import { ApiError } from "@/lib/client/request";
import { useErrorText } from "@/lib/client/use-error-text";

/** Where in the file, what stands there, why it can't be, what to do. */
export function AddError({ name, error }: { name: string; error: unknown }) {
  const t = useTranslations("data");
  const errorText = useErrorText();
  const { row, line, field, value } = error instanceof ApiError ? error.params : {};
  return (
    <div role="alert" className="mt-4 rounded-md bg-failed-soft p-3 text-sm">
      <p className="font-medium text-strong">{t("failed", { name })}</p>
      <p className="mt-0.5 break-words text-strong">{errorText(error)}</p>
      {(row !== undefined || field !== undefined) && (
        <p className="mt-1.5 text-muted text-xs">
          {row !== undefined && t("place", { row: Number(row), line: Number(line ?? 0) })}
          {field !== undefined && field !== "" && ` · ${t("placeField", { field: String(field) })}`}
          {value !== undefined && <code className="ml-1.5 break-all font-mono">{String(value)}</code>}
        </p>
      )}
    </div>
  );
}
