/** Times as the bank says them: Asia/Shanghai, whatever the device thinks. */

const ZONE = "Asia/Shanghai";

function format(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat("zh-CN", { timeZone: ZONE, hourCycle: "h23", ...options });
}

const CLOCK = format({ hour: "2-digit", minute: "2-digit" });
const DAY = format({ year: "numeric", month: "long", day: "numeric" });

function read(at: string): Date | null {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? null : date;
}

/** `14:05`, or nothing if the time cannot be read. */
export function clock(at: string): string {
  const date = read(at);
  return date ? CLOCK.format(date) : "";
}

/** `2026年11月23日` */
export function day(at: string): string {
  const date = read(at);
  return date ? DAY.format(date) : "";
}

/** `2026年11月23日 18:00` */
export function dayAndClock(at: string): string {
  const date = read(at);
  return date ? `${DAY.format(date)} ${CLOCK.format(date)}` : at;
}

/** Whole seconds until then, never below zero. */
export function secondsLeft(until: string, now = Date.now()): number {
  const date = read(until);
  return date ? Math.max(0, Math.ceil((date.getTime() - now) / 1000)) : 0;
}

/** `4 分 05 秒` */
export function span(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  const rest = seconds % 60;
  return minutes ? `${minutes} 分 ${String(rest).padStart(2, "0")} 秒` : `${rest} 秒`;
}
