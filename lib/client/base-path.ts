export const basePath = process.env.NEXT_PUBLIC_BASE_PATH ?? "";

/** Next prefixes its own links; everything else (fetch, sockets, plain anchors) is prefixed here. */
export const withBase = (path: string): string => `${basePath}${path}`;
