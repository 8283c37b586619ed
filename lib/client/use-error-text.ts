import { useTranslations } from "use-intl";
import { ApiError } from "./request";

/** One sentence for people: `errors.<code>` with the error's own figures; the server's English where a message is missing. */
export function useErrorText(): (error: unknown) => string {
  const t = useTranslations("errors");
  return (error) => {
    if (!(error instanceof ApiError)) return error instanceof Error ? error.message : String(error);
    if (!t.has(error.code)) return error.message;
    return t(error.code, { message: error.message, ...error.params });
  };
}
