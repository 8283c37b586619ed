"use client";
import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { CopyButton } from "@/components/ui/copy-button";
import { toast } from "@/components/ui/toast";
import { withBase } from "@/lib/client/base-path";
import { api, call } from "@/lib/client/request";
import { useErrorText } from "@/lib/client/use-error-text";
import { SettingRow } from "./setting-row";

export function AccessCard() {
  const t = useTranslations("settings");
  const errorText = useErrorText();
  const signOut = useMutation({
    mutationFn: () => call(api.signOut, {}),
    onSuccess: () => location.assign(withBase("/login")),
    onError: (error) => toast.error(errorText(error)),
  });
  const command = () => `curl -H "Authorization: Bearer $(cat ~/.tuneboard/token)" ${location.origin}${withBase("/api/runs")}`;
  return (
    <Card title={t("access")}>
      <SettingRow title={t("api")} body={t.rich("apiBody", { code: (chunk) => <code className="font-mono text-xs">{chunk}</code> })}>
        <CopyButton text={command} label={t("copyCurl")} size="md" />
        <Button asChild>
          <a href={withBase("/api/docs")} target="_blank" rel="noreferrer">
            {t("apiDocs")}
          </a>
        </Button>
      </SettingRow>
      <SettingRow title={t("session")} body={t("sessionBody")}>
        <Button loading={signOut.isPending} onClick={() => signOut.mutate()}>
          {t("signOut")}
        </Button>
      </SettingRow>
    </Card>
  );
}
