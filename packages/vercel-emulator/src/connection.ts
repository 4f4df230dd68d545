import type { ServerResponse } from 'node:http';

export interface ConnectionOptions {
  /** Sizes in bytes of the pieces the body is cut into. */
  readonly splitSizes: readonly number[] | undefined;
  /** Bytes of the body after which nothing more is written. */
  readonly byteLimit: number | undefined;
}

/** The way out for one answer. Nothing is written once the client has left. */
export class Connection {
  /** Aborts when the connection is over, for whatever reason. */
  readonly signal: AbortSignal;
  readonly #response: ServerResponse;
  readonly #splitSizes: readonly number[] | undefined;
  #bytesLeft: number;
  #splitIndex = 0;
  #pieceLeft = 0;

  constructor(response: ServerResponse, { splitSizes, byteLimit }: ConnectionOptions, signal: AbortSignal) {
    this.signal = signal;
    this.#response = response;
    this.#splitSizes = splitSizes;
    this.#bytesLeft = byteLimit ?? Infinity;
  }

  /** True once as many bytes are written as there may be. */
  get isLimitReached(): boolean {
    return this.#bytesLeft <= 0;
  }

  /** Sends the status line and the headers at once. */
  head(status: number, headers: Readonly<Record<string, string>>): void {
    if (this.signal.aborted) return;
    this.#response.writeHead(status, headers);
    this.#response.flushHeaders();
    this.#response.socket?.setNoDelay(true);
  }

  /** Resolves to false when no more is to be written: the client has left, or the limit of bytes is reached. */
  async write(text: string): Promise<boolean> {
    if (this.signal.aborted) return false;
    if (this.#splitSizes === undefined && this.#bytesLeft === Infinity) {
      // The common case: as many writes as the connection takes, then wait for it.
      if (!this.#response.write(text)) await this.#untilDone((done) => this.#response.once('drain', done));
      return !this.signal.aborted;
    }
    const whole = Buffer.from(text);
    const bytes = whole.subarray(0, Math.min(whole.length, this.#bytesLeft));
    this.#bytesLeft -= bytes.length;
    for (let start = 0; start < bytes.length && !this.signal.aborted; ) {
      const end = Math.min(bytes.length, start + this.#nextPiece(bytes.length - start));
      await this.#flush(bytes.subarray(start, end));
      start = end;
    }
    return !this.signal.aborted && this.#bytesLeft > 0;
  }

  /** Ends the body in good order. */
  end(): void {
    if (!this.signal.aborted) this.#response.end();
  }

  /** Breaks the connection off after what has been written so far. */
  async reset(): Promise<void> {
    // What was written in this turn reaches the socket in the next one.
    await new Promise((resolve) => setImmediate(resolve));
    const { socket } = this.#response;
    if (this.signal.aborted || socket === null) return;
    // No bytes, but its turn comes when all bytes before it have left.
    await this.#untilDone((done) => socket.write('', done));
    if (!this.signal.aborted) socket.resetAndDestroy();
  }

  /** A piece that a write did not fill goes on with the next one, so that frames do not decide where pieces end. */
  #nextPiece(available: number): number {
    if (this.#splitSizes === undefined) return available;
    if (this.#pieceLeft === 0) {
      this.#pieceLeft = this.#splitSizes[this.#splitIndex % this.#splitSizes.length] ?? 1;
      this.#splitIndex += 1;
    }
    const size = Math.min(this.#pieceLeft, available);
    this.#pieceLeft -= size;
    return size;
  }

  /** Hands over one piece and waits until it has left, so that pieces are not joined again on the way. */
  #flush(bytes: Buffer): Promise<void> {
    return this.#untilDone((done) => this.#response.write(bytes, () => setImmediate(done)));
  }

  /** Waits until what was started says that it is done, or until the connection is over. */
  #untilDone(start: (done: () => void) => void): Promise<void> {
    return new Promise((resolve) => {
      const finish = (): void => {
        this.signal.removeEventListener('abort', finish);
        resolve();
      };
      this.signal.addEventListener('abort', finish, { once: true });
      start(finish);
    });
  }
}
