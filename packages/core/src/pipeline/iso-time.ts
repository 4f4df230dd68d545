let lastSecond = Number.NaN;
let lastPrefix = '';

/** `2026-09-21T12:00:00.000Z`, the text of `Date.prototype.toISOString`. Calls come many a second: its text is kept. */
export const isoTime = (epochMs: number): string => {
  const second = Math.floor(epochMs / 1_000);
  if (second !== lastSecond) {
    lastPrefix = new Date(second * 1_000).toISOString().slice(0, -4);
    lastSecond = second;
  }
  const ms = Math.floor(epochMs) - second * 1_000;
  return `${lastPrefix}${ms < 10 ? '00' : ms < 100 ? '0' : ''}${ms}Z`;
};
