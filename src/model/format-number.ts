const byteUnits = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"] as const;

/** Bytes with three significant digits: `318 B`, `1.19 GiB`, `606 MiB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 0) return `-${formatBytes(-bytes)}`;
  let value = bytes;
  let unit = 0;
  while (unit < byteUnits.length - 1 && Math.round(value) >= 1024) {
    value /= 1024;
    unit++;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return `${formatCount(Number(value.toFixed(digits)), digits)} ${byteUnits[unit]}`;
}

/** A number with thousands separators: `4,000,000`. */
export function formatCount(count: number, digits = 0): string {
  const [whole = "", fraction] = Math.abs(count).toFixed(digits).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return `${count < 0 ? "-" : ""}${grouped}${fraction === undefined ? "" : `.${fraction}`}`;
}

/** A share as percent: `87 %`, `4.2 %`, `<0.1 %`; never 100 % for less than the whole, never 0 % for more than nothing. */
export function formatPercent(ratio: number): string {
  const percent = ratio * 100;
  if (percent === 0) return "0 %";
  if (percent < 0.1) return "<0.1 %";
  if (percent < 9.95) return `${percent.toFixed(1)} %`;
  if (percent > 99 && percent < 100) return `${Math.min(99.9, percent).toFixed(1)} %`;
  return `${Math.round(percent)} %`;
}

/** `1 thread`, `1,000 threads`: the plural is the singular with an s unless given. */
export function formatNumberOf(count: number, singular: string, plural = `${singular}s`): string {
  return `${formatCount(count)} ${count === 1 ? singular : plural}`;
}
