import { GatewayError, type Provider, StreamInterruptedError, TransportError, UpstreamError } from '@headrace/core/plugin';
import type { ProviderTarget } from '../../conformance-spec.js';
import { ReferenceProvider, referenceModule } from '../reference-provider.js';
import {
  defective,
  EMPTY_BATCH,
  EMPTY_END,
  EMPTY_REPLY,
  misjudging,
  misreading,
  mistelling,
  type Mutant,
  rebatching,
  textOf, hanging } from './mutant.js';

/** Bytes that `node:zlib` hands over at once. */
const UNPACKED_AT_ONCE = 16 * 1024;

const isPacked = ({ headers }: { readonly headers: { readonly 'content-encoding'?: string | undefined } }): boolean =>
  headers['content-encoding'] === 'gzip';

const isStreamType = ({ headers }: { readonly headers: { readonly 'content-type'?: string | undefined } }): boolean =>
  headers['content-type'] === 'text/event-stream';

/** An empty answer in place of certain failures. */
const answering = (scenario: string, spots: (error: GatewayError, delivery: string) => boolean): Mutant =>
  rebatching(scenario, async function* (batches, { request }) {
    try {
      yield* batches;
    } catch (error) {
      if (!GatewayError.is(error) || !spots(error, request.delivery)) throw error;
      yield EMPTY_BATCH;
    }
  });

/** Mutants that fail at what an answer is. */
export const answerMutants: readonly Mutant[] = [
  // Takes the first quotation mark within a text for its end.
  mistelling('streams the text and ends once, at the end', (text, { delivery }) =>
    delivery === 'stream' ? text.replace(/".*/s, '') : text,
  ),
  rebatching('delivers a whole answer in one batch', async function* (batches, { request }) {
    for await (const batch of batches) {
      if (request.kind !== 'completion' || request.delivery !== 'whole') yield batch;
      else for (const event of batch.events) yield { events: [event] };
    }
  }),
  hanging(
rebatching('hands over what has come before the rest is there', async function* (batches) {
    const held = [];
    for await (const batch of batches) {
      if (held.length > 0 || textOf(batch) === 'first') held.push(batch);
      else yield batch;
    }
    yield* held;
  }),
),
  rebatching('accepts an answer without text', async function* (batches, { request }) {
    let isSilent = request.kind === 'completion';
    for await (const { events } of batches) {
      isSilent &&= events.every(({ type }) => type === 'response-start' || type === 'response-end');
      yield { events: events.filter((event) => !(isSilent && event.type === 'response-end' && event.reason === 'stop')) };
    }
  }),
  defective('reports connecting, headers and bytes in this order', { tells: (phase) => phase !== 'connected' }),
  // Has one buffer for what unpacking gives.
  defective('reads a stream that is packed with gzip if it asks for it', () => {
    let isFull = false;
    return {
      read: (bytes, heard) => {
        if (!isPacked(heard) || !isStreamType(heard)) return bytes;
        const read = isFull ? Buffer.alloc(0) : bytes;
        isFull ||= bytes.length >= UNPACKED_AT_ONCE;
        return read;
      },
    };
  }),
  defective('reads a packed stream that comes byte by byte', {
    unpacksAlone: (headers) => isStreamType({ headers }),
  }),
  defective('reads a whole answer that is packed with gzip if it asks for it', {
    unpacks: (headers) => isStreamType({ headers }),
  }),
  defective('takes no answer in an encoding that nobody knows', { takesCoding: (coding) => coding === 'x-unheard-of' }),
  misjudging(
    'takes a packed answer that stops in the middle for a cut one',
    ({ message }) => message === 'the packed answer is cut',
    ({ cause }) => cause,
  ),
  answering(
    'takes an empty 200 for no whole answer',
    ({ message }, delivery) => delivery === 'whole' && message === 'the answer ended without its end',
  ),
  answering('takes a 204 for no answer', ({ upstream }) => upstream?.status === 204),
  misreading(
    'takes a body of nothing but line ends for no answer',
    (bytes) => bytes === '\n\n\n\n',
    () => EMPTY_END,
  ),
  misreading(
    'takes an HTML page that calls itself a stream for no answer',
    (bytes, heard) => isStreamType(heard) && bytes.startsWith('<!doctype'),
    () => EMPTY_END,
  ),
  misreading(
    'takes JSON that is no object for no answer',
    (bytes) => bytes === 'null',
    () => EMPTY_REPLY,
  ),
  misreading(
    'reads a whole answer where a stream was asked, or says that it is none',
    (bytes, { request }) => request.delivery === 'stream' && bytes.includes('not streamed'),
    () => EMPTY_END,
  ),
  misreading(
    'reads a stream where a whole answer was asked, or says that it is none',
    (bytes, heard) => heard.request.delivery === 'whole' && isStreamType(heard) && (bytes.startsWith('data:') || heard.reads > 1),
    (_bytes, { reads }) => (reads === 1 ? EMPTY_REPLY : ''),
  ),
  misreading(
    'fails when the body under a 200 is a refusal',
    (bytes, heard) => !isStreamType(heard) && bytes.includes('failed inside'),
    (_bytes, { request }) => (request.delivery === 'stream' ? EMPTY_END : EMPTY_REPLY),
  ),
  misjudging(
    'takes what is no HTTP for a failure of transport',
    ({ cause }) => String(Object(cause).code).startsWith('HPE_'),
    ({ cause }) => cause,
  ),
  defective('waits for the answer when early hints come before it', { takesHints: () => true }),
  // Where no name is special, the merged object is nowhere seen.
  defective('lets no name in an answer change the prototype of objects', {
    merges: (json) => json.includes('"__proto__":'),
  }),
  misjudging(
    'calls an HTML page under 200 malformed',
    ({ message }) => message === 'HTML came',
    () => new StreamInterruptedError('it stopped'),
  ),
  misjudging(
    'calls a whole answer that is no JSON malformed',
    ({ message }, { request }) =>
      request.kind === 'completion' && request.delivery === 'whole' && message.startsWith('the answer is no JSON'),
    () => new StreamInterruptedError('it stopped'),
  ),
  misjudging(
    'calls a whole answer of another form malformed',
    ({ message }) => message === 'the answer has no choices',
    () => new StreamInterruptedError('it stopped'),
  ),
  misjudging(
    'passes over a frame that breaks the format with a warning and proof of the end, or not at all',
    ({ message }, { request, text }) =>
      request.delivery === 'stream' && text === 'a' && message.startsWith('the answer is no JSON'),
    () => new StreamInterruptedError('it stopped'),
  ),
  misjudging(
    'fails when the stream reports an error, before or after the first content',
    (error, { text }) => text === 'a' && error instanceof UpstreamError && error.upstream === undefined,
    () => new StreamInterruptedError('it stopped'),
  ),
  mistelling('hands over the content that came before a failure in the stream', (text) => (text === 'far' ? '' : text)),
  misjudging(
    'fails when the first frame of a stream reports an error',
    (error, { request, hasEvents }) =>
      !hasEvents && request.delivery === 'stream' && error instanceof UpstreamError && error.upstream === undefined,
    () => new StreamInterruptedError('it stopped'),
  ),
  misreading(
    'ends at a failure in the stream, whatever comes after it',
    (bytes) => bytes.includes('failed inside') && bytes.includes('"finish_reason":"stop"'),
    (bytes) => bytes.replace(/data: [^\n]*failed inside[^\n]*\n\n/, ''),
  ),
  mistelling('answers through a gateway, streamed and whole', (text) => (text === 'eamed' ? '' : text)),
  sharedPool(),
];

/** Closing one of the providers that live at the same time closes the pool that they share. */
function sharedPool(): Mutant {
  const living = new Set<{ isClosed: boolean }>();
  class Pooled extends ReferenceProvider {
    readonly #pool = { isClosed: false };

    constructor(target: ProviderTarget) {
      super(target);
      living.add(this.#pool);
    }

    override call(...asked: Parameters<Provider['call']>): ReturnType<Provider['call']> {
      if (this.#pool.isClosed) throw new TransportError('the pool is closed');
      return super.call(...asked);
    }

    override close(): Promise<void> {
      for (const pool of living) pool.isClosed = true;
      living.clear();
      return super.close();
    }
  }
  return {
    scenario: 'serves two gateways of one module apart',
    hasOwnModule: true,
    create: (target) => new ReferenceProvider(target),
    module: (target) => referenceModule(target, {}, Pooled),
  };
}
