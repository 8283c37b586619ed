/** The same id twice gives the same run: made once for a press of a button. Works over plain http too, unlike randomUUID. */
export const newRequestId = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
