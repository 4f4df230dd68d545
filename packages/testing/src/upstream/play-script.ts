import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type Clock, systemClock } from '@headrace/core/plugin';
import { ChatAnswer } from '../chat/chat-answer.js';
import type { Gates } from './gates.js';
import type { RequestRecord } from './recorded-request.js';
import type { HeaderFields, UpstreamStep } from './upstream-step.js';

/** Where one script is played. */
interface Stage {
  readonly record: RequestRecord;
  readonly response: ServerResponse;
  readonly socket: Socket;
  readonly gates: Gates;
}

/** The client is gone: nobody is left to play for. */
class AudienceLeft extends Error {}

class ScriptPlayer {
  readonly #answer: ChatAnswer;

  constructor(private readonly stage: Stage) {
    this.#answer = new ChatAnswer(stage.record);
  }

  async play(steps: readonly UpstreamStep[]): Promise<void> {
    const { record, response, socket } = this.stage;
    try {
      for (const step of steps) {
        if (response.writableEnded || socket.writableEnded) return;
        await this.#play(step);
      }
      if (!socket.writableEnded && !record.isClosed) await this.#finish();
    } catch (error) {
      if (!(error instanceof AudienceLeft)) socket.resetAndDestroy();
    }
  }

  async #play(step: UpstreamStep): Promise<void> {
    const { record, socket, gates } = this.stage;
    switch (step.step) {
      case 'status':
        return this.#head(step.code, step.headers);
      case 'write':
        return this.#write(step.pieces);
      case 'raw':
        return this.#send((taken) => socket.write(step.bytes, taken));
      case 'paced':
        return this.#pace(step);
      case 'pause':
        return gates.pass(step.name);
      case 'delay':
        return this.#delay(step.ms, step.clock);
      case 'wait':
        await step.until;
        return undefined;
      case 'hang':
        return record.closed;
      case 'finish':
        return this.#finish();
      case 'cut':
        await this.#send((taken) => socket.end(taken));
        return record.closed;
      case 'reset':
        socket.resetAndDestroy();
        return record.closed;
      default: {
        const { head, pieces, complete } = this.#answer.play(step);
        if (head !== undefined && !this.stage.response.headersSent) await this.#head(200, head);
        if (pieces.length > 0) await this.#write(pieces);
        return complete ? this.#finish() : undefined;
      }
    }
  }

  #head(code: number, headers: HeaderFields): Promise<void> {
    const { response } = this.stage;
    const mutable = Object.entries(headers).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : [...value],
    ]);
    response.writeHead(code, Object.fromEntries(mutable) as Record<string, string | string[]>);
    response.flushHeaders();
    return Promise.resolve();
  }

  async #write(pieces: readonly Uint8Array[]): Promise<void> {
    const { record, response } = this.stage;
    if (!response.headersSent) await this.#head(200, { 'content-type': 'text/event-stream' });
    for (const piece of pieces) {
      await this.#send((taken) => response.write(piece, taken));
      record.bytesWritten += piece.length;
    }
  }

  async #pace({ pieces, everyMs, isEndless }: Extract<UpstreamStep, { step: 'paced' }>): Promise<void> {
    do {
      for (const piece of pieces) {
        await this.#write([piece]);
        await this.#delay(everyMs);
      }
    } while (isEndless);
  }

  /** Real time, unless the script has a clock: for clients whose clocks are real. */
  async #delay(ms: number, clock: Pick<Clock, 'schedule'> = systemClock): Promise<void> {
    let stop = (): void => undefined;
    const over = new Promise<void>((resolve) => {
      stop = clock.schedule(ms, resolve);
    });
    await Promise.race([over, this.stage.record.closed]);
    stop();
  }

  #finish(): Promise<void> {
    const { response } = this.stage;
    return this.#send((taken) => response.end(taken));
  }

  /** Resolves when the system took the bytes; rejects when the client closes the connection before. */
  async #send(start: (taken: (error?: Error | null) => void) => unknown): Promise<void> {
    const { record } = this.stage;
    const left = (): never => {
      record.closedBeforeNextWrite = true;
      throw new AudienceLeft();
    };
    if (record.isClosed) left();
    const taken = new Promise<boolean>((resolve) => {
      start((error) => resolve(error === undefined || error === null));
    });
    if (!(await Promise.race([taken, record.closed.then(() => false)]))) left();
  }
}

/** Plays a script for one request. Never rejects. */
export const playScript = (steps: readonly UpstreamStep[], stage: Stage): Promise<void> =>
  new ScriptPlayer(stage).play(steps);
