import type { Connection } from './connection.js';
import type { EmulatorClock } from './emulator-options.js';
import { type AppliedFault, faultOf } from './fault.js';
import { brokenJson, faultError, faultedFrames } from './faulted-frames.js';
import { isStream, type Reply, type StreamReply, type WholeReply } from './reply.js';

type StopFault = Extract<AppliedFault, { kind: 'cut' | 'reset' | 'stall' }>;

export interface Delivery {
  readonly connection: Connection;
  readonly faults: readonly AppliedFault[];
  readonly clock: EmulatorClock;
  readonly tokensPerSecond: number;
  readonly framesPerWrite: number;
  /** Headers of every answer. */
  readonly headers: Readonly<Record<string, string>>;
  /** Told of the status, and of frames as they are handed over. */
  readonly record: { status: number | undefined; framesWritten: number };
  /** Called before the connection is broken off on purpose. */
  readonly onReset: () => void;
}

/** The fault that ends a body early. */
export function stopFault(faults: readonly AppliedFault[]): StopFault | undefined {
  return faults.find((fault): fault is StopFault => ['cut', 'reset', 'stall'].includes(fault.kind));
}

async function stop(kind: StopFault['kind'], { connection, onReset }: Delivery): Promise<void> {
  if (kind === 'cut') connection.end();
  if (kind !== 'reset') return;
  onReset();
  await connection.reset();
}

async function delay(at: 'headers' | 'first-frame' | 'between-frames', delivery: Delivery): Promise<void> {
  for (const fault of delivery.faults) {
    if (fault.kind === 'delay' && fault.at === at) await delivery.clock.sleep(fault.ms, delivery.connection.signal);
  }
}

function framesBeforeStop(fault: StopFault | undefined): number {
  if (fault === undefined) return Infinity;
  return fault.afterFrames ?? (fault.afterBytes === undefined ? 0 : Infinity);
}

async function deliverStream(reply: StreamReply, delivery: Delivery): Promise<void> {
  const { connection, faults, clock, tokensPerSecond, framesPerWrite, headers, record } = delivery;
  const ending = stopFault(faults);
  const most = framesBeforeStop(ending);
  const pausesBetween = faults.some((fault) => fault.kind === 'delay' && fault.at === 'between-frames');
  record.status = 200;
  connection.head(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache', ...headers });
  await delay('first-frame', delivery);

  const start = clock.now();
  let tokens = 0;
  let text = '';
  let waiting = 0;
  let taken = 0;
  const flush = async (): Promise<boolean> => {
    const early = tokensPerSecond > 0 ? start + (tokens * 1000) / tokensPerSecond - clock.now() : 0;
    if (early > 0) await clock.sleep(early, connection.signal);
    if (waiting === 0) return !connection.signal.aborted;
    const more = await connection.write(text);
    if (more) record.framesWritten += waiting;
    text = '';
    waiting = 0;
    return more;
  };

  for (const frame of faultedFrames(reply, faults)) {
    if (taken >= most) break;
    if (pausesBetween && taken > 0) {
      if (!(await flush())) break;
      await delay('between-frames', delivery);
    }
    text += frame.event === undefined ? `data: ${frame.data}\n\n` : `event: ${frame.event}\ndata: ${frame.data}\n\n`;
    tokens += frame.tokens;
    if (frame.part !== 'done') waiting += 1;
    taken += 1;
    if (waiting >= framesPerWrite && !(await flush())) break;
  }
  if (text !== '' && !connection.signal.aborted) {
    const more = await connection.write(text);
    if (more) record.framesWritten += waiting;
  }
  if (ending !== undefined && (taken >= most || connection.isLimitReached)) await stop(ending.kind, delivery);
  else connection.end();
}

function faultedBody(reply: WholeReply, faults: readonly AppliedFault[]): string | undefined {
  const error = faultOf(faults, 'error-frame');
  const malformed = faultOf(faults, 'malformed-frame');
  const body = error === undefined ? reply.body : (reply.errorBody?.(faultError(error)) ?? reply.body);
  return malformed === undefined || body === undefined ? body : (malformed.text ?? brokenJson(body));
}

async function deliverWhole(reply: WholeReply, delivery: Delivery): Promise<void> {
  const { connection, faults, headers, record } = delivery;
  const ending = stopFault(faults);
  const body = faultedBody(reply, faults);
  // A body that ends early can only end cleanly when its length was not announced.
  const length = ending === undefined ? { 'content-length': String(Buffer.byteLength(body ?? '')) } : {};
  record.status = reply.status;
  connection.head(reply.status, { ...headers, ...reply.headers, ...length });
  await delay('first-frame', delivery);
  const most = framesBeforeStop(ending);
  if (body !== undefined && most > 0 && (await connection.write(body))) record.framesWritten = 1;
  if (ending !== undefined && (most <= 1 || connection.isLimitReached)) await stop(ending.kind, delivery);
  else connection.end();
}

/** Sends an answer, with everything that the faults do to it. Resolves when there is nothing left to do. */
export async function deliver(reply: Reply, delivery: Delivery): Promise<void> {
  await delay('headers', delivery);
  const ending = stopFault(delivery.faults);
  if (ending?.kind === 'reset' && ending.afterFrames === undefined && ending.afterBytes === undefined) {
    await stop('reset', delivery);
    return;
  }
  await (isStream(reply) ? deliverStream(reply, delivery) : deliverWhole(reply, delivery));
}
