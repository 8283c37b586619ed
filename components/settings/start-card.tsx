"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { Card } from "@/components/ui/card";
import { Skeleton } from "@/components/ui/skeleton";
import { Switch } from "@/components/ui/switch";
import { toast } from "@/components/ui/toast";
import { systemQueries } from "@/lib/client/queries/system";
import { api, call } from "@/lib/client/request";
import { useErrorText } from "@/lib/client/use-error-text";
import { SettingRow } from "./setting-row";

/** Whether a worker waits for the next training. */
export function StartCard() {
  const t = useTranslations("settings");
  const errorText = useErrorText();
  const cache = useQueryClient();
  const { data: standby, error } = useQuery(systemQueries.standby());
  const change = useMutation({
    mutationFn: (allowed: boolean) => call(api.setStandby, { allowed }),
    onSuccess: (report) => cache.setQueryData(systemQueries.standby().queryKey, report),
    onError: (fault) => toast.error(errorText(fault)),
  });
  const state =
    standby === undefined ? null : standby.permitted ? t(`standby_${standby.allowed ? standby.state : "refused"}`) : t("standbyForbidden");
  return (
    <Card title={t("start")}>
      <SettingRow
        title={t("standby")}
        body={
          <>
            <p>{t("standbyBody")}</p>
            <p aria-live="polite">{error ? errorText(error) : state}</p>
          </>
        }
      >
        {standby === undefined && !error ? (
          <Skeleton className="h-5 w-9" />
        ) : (
          <Switch
            aria-label={t("standby")}
            checked={standby?.permitted === true && standby.allowed}
            disabled={standby?.permitted !== true || change.isPending}
            onCheckedChange={(allowed) => change.mutate(allowed)}
          />
        )}
      </SettingRow>
    </Card>
  );
}
