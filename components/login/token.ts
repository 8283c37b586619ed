/** People paste the whole address that the server printed; the token is taken out of it. */
export function tokenOf(text: string): string {
  const plain = text.trim();
  return /[?&#]token=([^&\s]+)/.exec(plain)?.[1] ?? plain;
}

/** Only a page of ours: an address of another site after sign-in would be a trap. */
export const safeNext = (next: string | null): string =>
  next !== null && /^\/(?![/\\])/.test(next) && !next.startsWith("/login") ? next : "/";
