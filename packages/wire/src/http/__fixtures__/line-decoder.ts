import { type GatewayError, StreamInterruptedError, type StreamEvent } from '@headrace/core/plugin';
import type { BodyDecoder } from '../body-decoder.js';
import type { HttpHandlers } from '../http-call.js';
import { UpstreamError } from '@headrace/core/plugin';

/** One text-delta per line; the line `end` proves the answer whole. */
export class LineDecoder implements BodyDecoder {
  readonly #needsProof: boolean;
  #rest = '';
  #proved = false;

  constructor(needsProof = true) {
    this.#needsProof = needsProof;
  }

  write(bytes: Uint8Array, events: StreamEvent[]): void {
    const lines = (this.#rest + Buffer.from(bytes).toString('latin1')).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line === 'end') this.#proved = true;
      if (line === 'bad') throw new UpstreamError('the line is bad');
      if (line !== '') events.push({ type: 'text-delta', text: line });
    }
  }

  end(events: StreamEvent[]): void {
    if (this.#needsProof && !this.#proved) throw new StreamInterruptedError('no proof');
    if (this.#rest !== '') events.push({ type: 'text-delta', text: this.#rest });
  }

  broken(cause: unknown): GatewayError | undefined {
    return this.#proved ? undefined : new StreamInterruptedError('broken', { cause });
  }
}

/** Lines for success; for a failure an error that repeats status and body. */
export const lineHandlers = (needsProof = true): HttpHandlers => ({
  decoder: () => new LineDecoder(needsProof),
  failure: (answer, body) => new UpstreamError(`${answer.status}: ${body}`, { upstream: { status: answer.status } }),
});
