import {
  ContextLengthError,
  type GatewayError,
  type GatewayErrorOptions,
  MalformedResponseError,
  OverloadedError,
  RateLimitedError,
  StreamInterruptedError,
  TransportError,
  UpstreamError,
} from '@headrace/core/plugin';
import { defective, EMPTY_BATCH, misjudging, type Mutant, rebatching } from './mutant.js';

const SUITE = 'refused by the conformance suite';

type ErrorClass = new (message: string, options?: GatewayErrorOptions) => GatewayError;

/** Another class for one status of the suite's own refusals. */
const misclassing = (status: number, scenario: string, Instead: ErrorClass): Mutant =>
  defective(scenario, {
    refused: (refusal) =>
      refusal.status === status && refusal.body.includes(SUITE) && refusal.headers['retry-after'] === undefined
        ? new Instead('the upstream refused', { upstream: { status } })
        : undefined,
  });

const CLASSES: readonly (readonly [status: number, failureClass: string, Instead: ErrorClass])[] = [
  [400, 'caller', UpstreamError],
  [401, 'credential', UpstreamError],
  [402, 'quota', RateLimitedError],
  [403, 'forbidden', UpstreamError],
  [404, 'model-not-found', UpstreamError],
  [429, 'rate', OverloadedError],
  [500, 'upstream', OverloadedError],
  [503, 'capacity', UpstreamError],
];

const OTHERS: readonly (readonly [status: number, Instead: ErrorClass])[] = [
  [408, OverloadedError],
  [409, TransportError],
  [413, UpstreamError],
  [418, UpstreamError],
  [422, UpstreamError],
  [502, TransportError],
  [504, OverloadedError],
  [529, UpstreamError],
  [599, OverloadedError],
];

/** Another wait for one form of the hint. */
const miswaiting = (
  scenario: string,
  spots: (hint: string | undefined, status: number) => boolean,
  retryAfterMs?: number,
): Mutant =>
  defective(scenario, {
    refused: ({ status, headers, body, request }) =>
      request.kind === 'completion' && body.includes(SUITE) && spots(headers['retry-after'], status)
        ? new RateLimitedError('too fast', { retryAfterMs, upstream: { status } })
        : undefined,
  });

const isDate = (hint: string | undefined, isPast: boolean): boolean =>
  hint?.endsWith('GMT') === true && Date.parse(hint) < Date.now() === isPast;

const WAITS: readonly Mutant[] = [
  miswaiting('passes on how many seconds a 429 asks to wait', (hint) => hint === '7'),
  miswaiting('passes on until which date a 429 asks to wait', (hint) => isDate(hint, false)),
  miswaiting('invents no wait for a 429 that names none', (hint, status) => status === 429 && hint === undefined, 1000),
  miswaiting('invents no wait for a 429 whose hint cannot be read', (hint) => hint === 'soon', 1000),
  miswaiting('passes on a wait of no time', (hint) => hint === '0'),
  miswaiting('passes on a wait in fractions of a second', (hint) => hint === '1.5', 1000),
  miswaiting('passes on the wait that a 503 asks for', (hint, status) => status === 503 && hint === '3'),
  miswaiting('never waits a time below nothing', (hint) => hint === '-5', -5000),
  miswaiting('never waits for a date that is past', (hint) => isDate(hint, true), -1),
  miswaiting('takes an endless number for no wait it could count', (hint) => (hint?.length ?? 0) > 300, Infinity),
];

const REDIRECTS: readonly Mutant[] = [
  defective('follows no redirect', { follows: (status, to) => status === 307 && to.endsWith('/elsewhere') }),
  defective('follows no redirect that would make a GET of it', {
    follows: (status, to) => status <= 303 && to.endsWith('/elsewhere'),
  }),
  defective('follows no redirect for good', { follows: (status) => status === 308 }),
  defective('follows no redirect on its own origin', { follows: (_status, to) => to.startsWith('/') }),
  defective('fails on a redirect that names no place', {
    refused: ({ status, headers }) =>
      status === 302 && headers.location === undefined ? new TransportError('nowhere to go') : undefined,
  }),
];

const causeOf = ({ cause }: GatewayError): { readonly code?: unknown; readonly message?: unknown } => Object(cause);

const noAnswer = (scenario: string, spots: (error: GatewayError) => boolean): Mutant =>
  misjudging(
    scenario,
    (error, { request }) => error.failureClass === 'transport' && request.delivery === 'stream' && spots(error),
    () => new UpstreamError('it failed inside'),
  );

/** A cut answer for something else, by what was said before the cut. */
const cutAfter = (scenario: string, text: string): Mutant =>
  misjudging(
    scenario,
    (error, progress) => error.failureClass === 'truncated' && progress.text === text,
    () => new MalformedResponseError('it makes no sense'),
  );

/** A whole answer that is cut for something else, by what its first half said. */
const cutWhole = (scenario: string, word: string): Mutant =>
  defective(scenario, () => {
    let isMeant = false;
    return {
      read: (bytes) => {
        isMeant ||= bytes.includes(`"content":"${word}`);
        return bytes;
      },
      failed: (error) => (isMeant ? new TransportError('no answer came') : error),
    };
  });

const CUTS: readonly Mutant[] = [
  // Takes the end of the body for the end of the answer.
  rebatching('takes a stream that ends in good order, but without proof, for a cut one', async function* (batches) {
    let hasBegun = false;
    try {
      for await (const batch of batches) {
        hasBegun = true;
        yield batch;
      }
    } catch (error) {
      if (!hasBegun || Object(error).message !== 'the answer ended without its end') throw error;
      yield { events: EMPTY_BATCH.events.slice(1) };
    }
  }),
  cutAfter('takes a stream whose connection is closed for a cut one', 'so soon'),
  cutAfter('takes a stream whose connection is reset for a cut one', 'so sudden'),
  cutAfter('takes half a frame at the end for a cut answer', 'g'),
  misjudging(
    'takes a stream without a single frame for a cut one',
    (error, { request, hasEvents }) =>
      request.delivery === 'stream' && !hasEvents && error instanceof StreamInterruptedError,
    () => new MalformedResponseError('it makes no sense'),
  ),
  cutWhole('takes half of a whole answer for a cut one', 'closed'),
  cutWhole('takes a whole answer that breaks off for a cut one', 'reset'),
  noAnswer(
    'calls a connection that closes before the answer a failure of transport',
    (error) => causeOf(error).message === 'socket hang up',
  ),
  noAnswer(
    'calls a connection that breaks before the answer a failure of transport',
    (error) => causeOf(error).message === 'read ECONNRESET',
  ),
  noAnswer('calls a refused connection a failure of transport', (error) => causeOf(error).code === 'ECONNREFUSED'),
];

/** Mutants that fail at refusals, redirects and broken connections. */
export const refusalMutants: readonly Mutant[] = [
  ...CLASSES.map(([status, failureClass, Instead]) =>
    misclassing(status, `gives a ${status} the class '${failureClass}', streamed or whole`, Instead),
  ),
  ...OTHERS.map(([status, Instead]) => misclassing(status, `gives a ${status} a class that such a status can mean`, Instead)),
  ...WAITS,
  ...REDIRECTS,
  ...CUTS,
  defective('goes by the status when the error page is HTML', {
    refused: ({ status, body }) =>
      status === 502 && body.includes('<h1>') ? new MalformedResponseError('HTML came') : undefined,
  }),
  defective('goes by the status when the error has no body', {
    refused: ({ status, body }) => (status === 500 && body === '' ? new MalformedResponseError('nothing came') : undefined),
  }),
  defective('goes by what the body of a refusal says where that is more than its status', {
    refused: ({ status, body }) =>
      body.includes('context_length_exceeded') ? new UpstreamError('refused', { upstream: { status } }) : undefined,
  }),
  defective('reads the body of a refusal to its end before the next call', {
    refused: ({ body }) => (body.length > 100_000 ? new ContextLengthError('too long') : undefined),
  }),
];
