import type { HttpAnswer } from './body-decoder.js';

const NUMBER = /^\d{1,15}(?:\.\d{1,15})?$/;
/** The three forms of RFC 9110 section 5.6.7; `Date.parse` alone would take `2` for a year. */
const GMT_DATE =
  /^(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?, \d\d[ -][A-Z][a-z]{2}[ -]\d{2,4} \d\d:\d\d:\d\d GMT$/;
const ASCTIME = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}$/;

const single = (value: string | string[] | undefined): string =>
  (typeof value === 'string' ? value : (value?.[0] ?? '')).trim();

const dateMs = (text: string): number => {
  if (GMT_DATE.test(text)) return Date.parse(text);
  // This form names no zone and means UTC; without one it would be read as local time.
  if (ASCTIME.test(text)) return Date.parse(`${text} GMT`);
  return Number.NaN;
};

/** A wait above it, in ms (31 years), is none: some servers send the time of the end itself, since the Unix epoch. */
const LONGEST_WAIT_MS = 1e12;

const waitOf = (ms: number, epochMs: number): number | undefined => {
  if (ms < LONGEST_WAIT_MS) return ms;
  const left = ms - epochMs;
  return left >= 0 && left < LONGEST_WAIT_MS ? left : undefined;
};

/**
 * What an answer asks to wait, in ms: `retry-after-ms`, else `retry-after` as seconds or as an HTTP date.
 * A time since the Unix epoch, in seconds or ms, is read as such. `undefined` when absent, negative or unreadable.
 * Source: RFC 9110 section 10.2.3; `retry-after-ms` is a custom of the providers.
 * @param epochMs now, in ms since the Unix epoch.
 */
export const retryAfterMs = (headers: HttpAnswer['headers'], epochMs: number): number | undefined => {
  const ms = single(headers['retry-after-ms']);
  if (NUMBER.test(ms)) return waitOf(Number(ms), epochMs);
  const after = single(headers['retry-after']);
  if (NUMBER.test(after)) {
    const seconds = Number(after);
    return waitOf(seconds < LONGEST_WAIT_MS ? seconds * 1000 : seconds, epochMs);
  }
  const wait = dateMs(after) - epochMs;
  return wait >= 0 ? wait : undefined;
};
