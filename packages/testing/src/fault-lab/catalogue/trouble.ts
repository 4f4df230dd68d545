import { errorReply } from '../../chat/error-reply.js';
import { repeat, reply, status } from '../../upstream/upstream-step.js';
import type { Fault } from '../fault.js';
import { both, HARMLESS, NEEDS_FALLBACK } from '../outlook.js';
import { healthy, once } from './parts.js';

const PAGE = '<!doctype html><html><head><title>502</title></head><body><h1>Bad Gateway</h1></body></html>';

/** An upstream that asks to come back later. */
export const HASTE: readonly Fault[] = [
  {
    name: 'rate-limit-once',
    title: '429 without a hint, then the answer',
    expected: both(HARMLESS),
    causes: ['rate'],
    primary: once(() => errorReply(429)),
  },
  {
    name: 'rate-limit-for-good',
    title: '429 without a hint, always',
    expected: both(NEEDS_FALLBACK),
    causes: ['rate'],
    primary: () => errorReply(429),
  },
  {
    name: 'rate-limit-seconds',
    title: '429 with a hint of one second, then the answer',
    expected: both(HARMLESS),
    causes: ['rate'],
    hintMs: 1_000,
    primary: once(() => errorReply(429, { headers: { 'retry-after': '1' } })),
  },
  {
    name: 'rate-limit-date',
    title: '429 with a date as hint, one to two seconds ahead, then the answer',
    expected: both(HARMLESS),
    causes: ['rate'],
    hintMs: 1_000,
    primary: once(() => errorReply(429, { headers: { 'retry-after': new Date(Date.now() + 2_000).toUTCString() } })),
  },
  {
    name: 'rate-limit-milliseconds',
    title: '429 with a hint of 300 ms, then the answer',
    expected: both(HARMLESS),
    causes: ['rate'],
    hintMs: 300,
    primary: once(() => errorReply(429, { headers: { 'retry-after-ms': '300' } })),
  },
  {
    name: 'rate-limit-beyond-deadline',
    title: '429 with a hint of an hour',
    expected: both(NEEDS_FALLBACK),
    causes: ['rate'],
    hintMs: 3_600_000,
    primary: () => errorReply(429, { headers: { 'retry-after': '3600' } }),
  },
];

/** An upstream that is in trouble, and says so. */
export const TROUBLE: readonly Fault[] = [
  {
    name: 'server-error-once',
    title: '500, then the answer',
    expected: both(HARMLESS),
    causes: ['upstream'],
    primary: once(() => errorReply(500)),
  },
  {
    name: 'server-error-for-good',
    title: '500, always',
    expected: both(NEEDS_FALLBACK),
    causes: ['upstream'],
    primary: () => errorReply(500),
  },
  {
    name: 'bad-gateway',
    title: '502 with a JSON body, always',
    expected: both(NEEDS_FALLBACK),
    causes: ['upstream'],
    primary: () => errorReply(502),
  },
  {
    name: 'bad-gateway-html',
    title: '502 with an HTML page, always',
    expected: both(NEEDS_FALLBACK),
    causes: ['upstream'],
    primary: () => reply(502, PAGE, { 'content-type': 'text/html' }),
  },
  {
    name: 'overloaded-503',
    title: '503, always',
    expected: both(NEEDS_FALLBACK),
    causes: ['capacity'],
    primary: () => errorReply(503),
  },
  {
    name: 'overloaded-529',
    title: '529, always',
    expected: both(NEEDS_FALLBACK),
    causes: ['capacity'],
    primary: () => errorReply(529, { type: 'overloaded_error' }),
  },
  {
    name: 'endless-error-body',
    title: '500 with a body that never ends',
    expected: both(NEEDS_FALLBACK),
    causes: ['upstream', 'silence'],
    primary: () => [status(500, { 'content-type': 'application/json' }), repeat(' '.repeat(16_384), 5)],
  },
  {
    name: 'flapping',
    title: '503 and the answer in turns, over six calls',
    expected: both(HARMLESS),
    causes: ['capacity'],
    calls: 6,
    primary: (scene) => (scene.nth % 2 === 1 ? errorReply(503) : healthy(scene)),
  },
];
