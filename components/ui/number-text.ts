/** Text of a number as people type it: 2e-4, 0,05, 1,000 or full-width digits. Null when empty, NaN when it is no number. */
export function parseNumber(text: string): number | null {
  const plain = text.normalize("NFKC").replace(/[\s_]/g, "").replace("−", "-");
  if (plain === "") return null;
  const grouped = /^[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d*)?$/.test(plain);
  const dotted = grouped ? plain.replaceAll(",", "") : plain.replace(/^([^,]*),([^,]*)$/, "$1.$2");
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(dotted) ? Number(dotted) : Number.NaN;
}

/** Small values as 2e-4: what people write for a learning rate. */
export function writeNumber(value: number | null): string {
  if (value === null || Number.isNaN(value)) return "";
  const size = Math.abs(value);
  return size !== 0 && size < 1e-3 ? value.toExponential().replace("e+", "e") : String(value);
}
