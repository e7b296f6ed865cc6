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

/** `850 µs`, `12 ms`, `1.4 s`, `3 min 20 s`, `5 h 10 min`, `3 d 4 h`: two significant figures or two units. */
export function formatDuration(seconds: number): string {
  if (seconds < 0) return `-${formatDuration(-seconds)}`;
  if (seconds === 0) return "0 s";
  if (seconds < 0.000_999_5) return `${twoFigures(seconds * 1e6)} µs`;
  if (seconds < 0.9995) return `${twoFigures(seconds * 1e3)} ms`;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return twoUnits([Math.floor(whole / 60), "min"], [whole % 60, "s"]);
  if (whole < 86_400) return twoUnits([Math.floor(whole / 3600), "h"], [Math.floor((whole % 3600) / 60), "min"]);
  return twoUnits([Math.floor(whole / 86_400), "d"], [Math.floor((whole % 86_400) / 3600), "h"]);
}

function twoFigures(value: number): string {
  return value >= 99.5 ? formatCount(Math.round(value)) : String(Number(value.toPrecision(2)));
}

function twoUnits([big, bigUnit]: readonly [number, string], [small, smallUnit]: readonly [number, string]): string {
  return small === 0 ? `${big} ${bigUnit}` : `${big} ${bigUnit} ${small} ${smallUnit}`;
}
