import { basePath } from "./base-path";

/** Undefined where nothing was chosen. */
export const readChoice = (name: string): string | undefined =>
  document.cookie
    .split("; ")
    .find((cookie) => cookie.startsWith(`${name}=`))
    ?.slice(name.length + 1);

/** A choice that the server must know when it renders the page: language, folded rail. */
export const rememberChoice = (name: string, value: string): void => write(name, value, 31_536_000);
export const forgetChoice = (name: string): void => write(name, "", 0);

function write(name: string, value: string, maxAgeSeconds: number): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing over plain http
  document.cookie = `${name}=${value}; path=${basePath || "/"}; max-age=${maxAgeSeconds}; samesite=lax`;
}
