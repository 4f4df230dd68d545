import { cut, delay, raw, reset } from '../../upstream/upstream-step.js';
import type { Fault } from '../fault.js';
import { both, HARMLESS, NEEDS_FALLBACK } from '../outlook.js';
import { head, healthy, once } from './parts.js';

/** Resets a connection at its second request. */
const closesUsedConnections = (): Fault['primary'] => {
  const used = new WeakMap<object, Set<number>>();
  return (scene) => {
    const { request, answer } = scene;
    const connections = used.get(answer) ?? new Set<number>();
    used.set(answer, connections);
    if (connections.has(request.connection)) return [reset()];
    connections.add(request.connection);
    return healthy(scene);
  };
};

/** A connection that is not there, or breaks before an answer begins. */
export const CONNECTION: readonly Fault[] = [
  {
    name: 'connection-refused',
    title: 'nothing listens',
    expected: both(NEEDS_FALLBACK),
    causes: ['transport'],
    primary: 'refused',
  },
  {
    name: 'handshake-without-end',
    title: 'the connection is taken, and its TLS handshake never ends',
    expected: both(NEEDS_FALLBACK),
    causes: ['silence', 'transport'],
    effort: 'waiting',
    primary: 'no-handshake',
  },
  {
    name: 'reset-once',
    title: 'the connection is reset before the headers, then the answer',
    expected: both(HARMLESS),
    causes: ['transport'],
    primary: once(() => [reset()]),
  },
  {
    name: 'reset-before-headers',
    title: 'the connection is reset before the headers, always',
    expected: both(NEEDS_FALLBACK),
    causes: ['transport'],
    primary: () => [reset()],
  },
  {
    name: 'closed-before-headers',
    title: 'the connection is closed in good order before the headers, always',
    expected: both(NEEDS_FALLBACK),
    causes: ['transport'],
    primary: () => [cut()],
  },
  {
    name: 'reset-after-headers',
    title: 'the connection is reset after the headers, always',
    expected: both(NEEDS_FALLBACK),
    causes: ['transport', 'truncated'],
    primary: (scene) => [head(scene), delay(30), reset()],
  },
  {
    name: 'keep-alive-closed',
    title: 'a connection that was used before is reset when the next request comes, over three calls',
    expected: both(HARMLESS),
    causes: ['transport'],
    calls: 3,
    primary: closesUsedConnections(),
  },
  {
    name: 'not-http',
    title: 'the answer is no HTTP',
    expected: both(NEEDS_FALLBACK),
    causes: ['transport', 'malformed'],
    primary: () => [raw('SSH-2.0-OpenSSH_9.6\r\n\r\n'), cut()],
  },
  {
    name: 'header-bomb',
    title: 'a megabyte of headers',
    expected: both(NEEDS_FALLBACK),
    causes: ['transport', 'malformed'],
    primary: () => [
      raw('HTTP/1.1 200 OK\r\n'),
      raw(Array.from({ length: 1_024 }, (_, index) => `x-${index}: ${'a'.repeat(1_016)}\r\n`).join('')),
      cut(),
    ],
  },
];
