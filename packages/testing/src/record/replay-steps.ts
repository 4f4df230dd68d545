import type { Clock } from '@headrace/core/plugin';
import { cut, delay, finish, status, type UpstreamStep, write } from '../upstream/upstream-step.js';
import { bytesOf, type RecordedExchange } from './recorded-exchange.js';

/** Headers that belong to the connection, or to lengths that are made anew. */
const OF_THE_CONNECTION = new Set(['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'date']);

export interface ReplayOptions {
  /** Whose time passes between the chunks, as it did. Absent: everything goes out at once, chunk by chunk. */
  readonly clock?: Pick<Clock, 'schedule'>;
}

/** What a scripted upstream plays to give an exchange once more, with the borders of its chunks. */
export const replaySteps = ({ answer }: RecordedExchange, { clock }: ReplayOptions = {}): readonly UpstreamStep[] => {
  const wait = (ms: number): readonly UpstreamStep[] => (clock === undefined || ms <= 0 ? [] : [delay(ms, clock)]);
  const headers = Object.fromEntries(Object.entries(answer.headers).filter(([name]) => !OF_THE_CONNECTION.has(name)));
  let at = 0;
  const chunks = answer.chunks.flatMap((chunk) => {
    const waited = wait(chunk.atMs - at);
    at = chunk.atMs;
    return [...waited, write(bytesOf(chunk))];
  });
  return [
    ...wait(answer.headAtMs),
    status(answer.status, headers),
    ...chunks,
    ...wait(answer.endAtMs - at),
    answer.end === 'finished' ? finish() : cut(),
  ];
};
