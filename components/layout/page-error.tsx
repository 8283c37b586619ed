"use client";
import { useEffect } from "react";
import { useTranslations } from "use-intl";
import { ErrorState } from "./states";

/** A page whose drawing failed: the rest of the shell still works, and so does training. */
export function PageError({ error, onRetry }: { error: Error; onRetry: () => void }) {
  const t = useTranslations("nav");
  useEffect(() => {
    console.error(error);
  }, [error]);
  return <ErrorState title={t("pageBroke")} error={error} onRetry={onRetry} />;
}
