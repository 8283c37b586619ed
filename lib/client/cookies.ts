import { basePath } from "./base-path";

/** A choice that the server must know when it renders the page: language, folded rail. */
export function rememberChoice(name: string, value: string): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing over plain http
  document.cookie = `${name}=${value}; path=${basePath || "/"}; max-age=31536000; samesite=lax`;
}
