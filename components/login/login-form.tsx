"use client";
import { useMutation } from "@tanstack/react-query";
import { useSearchParams } from "next/navigation";
import { type FormEvent, useState } from "react";
import { useTranslations } from "use-intl";
import { BrandMark } from "@/components/layout/brand";
import { LanguageSwitch } from "@/components/layout/language-switch";
import { ThemeToggle } from "@/components/layout/theme-toggle";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { withBase } from "@/lib/client/base-path";
import { api, call } from "@/lib/client/request";
import { useErrorText } from "@/lib/client/use-error-text";
import { safeNext, tokenOf } from "./token";

const TOKEN_COMMAND = "cat ~/.tuneboard/token";

export function LoginForm() {
  const t = useTranslations("login");
  const errorText = useErrorText();
  const next = safeNext(useSearchParams().get("next"));
  const [token, setToken] = useState("");
  const [empty, setEmpty] = useState(false);
  // A full page load: the server renders anew with the cookie, and the socket opens with it.
  const signIn = useMutation({
    mutationFn: () => call(api.signIn, { token: tokenOf(token) }),
    onSuccess: () => location.replace(withBase(next)),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setEmpty(token.trim() === "");
    if (token.trim() !== "") signIn.mutate();
  };
  const error = empty ? t("empty") : signIn.isError ? errorText(signIn.error) : undefined;
  return (
    <div className="mx-auto flex min-h-dvh max-w-[400px] flex-col justify-center px-4 py-10">
      <div className="mb-6 flex items-center gap-3">
        <BrandMark size={32} />
        <span className="ml-auto flex gap-1">
          <LanguageSwitch />
          <ThemeToggle />
        </span>
      </div>
      <h1 className="font-semibold text-strong text-xl tracking-[-0.01em]">{t("title")}</h1>
      <p className="mt-1 mb-6 text-muted text-sm">{t("body")}</p>
      <form onSubmit={submit} noValidate>
        <Field id="token" label={t("token")} error={error}>
          <Input
            id="token"
            type="password"
            autoComplete="current-password"
            autoFocus
            value={token}
            onChange={(event) => {
              setToken(event.target.value);
              setEmpty(false);
              signIn.reset();
            }}
          />
        </Field>
        <Button type="submit" variant="primary" loading={signIn.isPending || signIn.isSuccess} className="mt-4 w-full">
          {t("submit")}
        </Button>
      </form>
      <details className="mt-6 rounded-lg border border-line bg-panel px-4 py-3 text-sm" open>
        <summary className="cursor-pointer font-medium text-strong">{t("whereTitle")}</summary>
        <p className="mt-2">{t("whereTerminal")}</p>
        <p className="mt-2">{t("whereFile")}</p>
        <div className="mt-2 flex items-center gap-2 rounded-md bg-sunken py-1 pr-1 pl-3">
          <code className="min-w-0 flex-1 truncate font-mono text-xs">{TOKEN_COMMAND}</code>
          <CopyButton text={TOKEN_COMMAND} />
        </div>
      </details>
    </div>
  );
}
