import { type ClockName, TimeoutError } from '../errors/clock-errors.js';
import type { ClockLimits } from './clock-limits.js';

/** What a clock's error speaks of. */
export interface ClockSubject {
  /** `vercel:openai/gpt-6-luna`. */
  readonly name: string;
  readonly isStream: boolean;
  /** When the whole call must be over, on the scale of the clock; `Infinity` for never. */
  readonly deadline: number;
  /** What the deadline came from. */
  readonly timeoutMs: number;
}

const advice: Record<ClockName, string> = {
  connect: 'Check the address and the network, or raise `clocks.connectMs`.',
  headers: 'Raise `clocks.headersMs` if this upstream is known to be slow.',
  'first-content': 'Raise `clocks.firstContentMs` for models that think long.',
  idle: 'Raise `clocks.idleMs` if this upstream pauses.',
  total: 'Raise `clocks.totalMs`, or ask for a stream.',
  throughput: 'Lower `clocks.minBytesPerSecond` if this is expected.',
  deadline: 'Raise `timeoutMs` of the call.',
};

/** The error of a clock that ran out: what was waited for, how long, and what can be changed. */
export const clockError = (clock: ClockName, limits: ClockLimits, subject: ClockSubject): TimeoutError => {
  const { name, isStream, timeoutMs } = subject;
  const limitMs: Record<ClockName, number> = {
    connect: limits.connectMs,
    headers: limits.headersMs,
    'first-content': limits.firstContentMs,
    idle: limits.idleMs,
    total: limits.totalMs,
    throughput: limits.throughputWindowMs,
    deadline: timeoutMs,
  };
  const what: Record<ClockName, string> = {
    connect: `No connection to ${name} after ${limitMs.connect} ms.`,
    headers: `No answer from ${name} ${limitMs.headers} ms after connecting.`,
    'first-content': `No content from ${name} after ${limitMs['first-content']} ms.`,
    idle: `Nothing from ${name} for ${limitMs.idle} ms in the middle of its answer.`,
    total: `The attempt at ${name} took longer than ${limitMs.total} ms${isStream ? '' : ' (a whole answer)'}.`,
    throughput: `${name} sent fewer than ${limits.minBytesPerSecond} bytes a second for ${limitMs.throughput} ms.`,
    deadline: `The deadline of the call (${timeoutMs} ms) passed while ${name} was answering.`,
  };
  return new TimeoutError(clock, limitMs[clock], `${what[clock]} ${advice[clock]}`);
};
