import { CredentialRejectedError, ForbiddenError, GatewayError, InvalidRequestError, MalformedResponseError, StreamInterruptedError, TransportError, UpstreamError } from '@headrace/core/plugin';
import { CANARY_PROMPT } from '../../canary.js';
import type { Progress } from '../defect.js';
import { defective, type Mutant } from './mutant.js';

/** Leaks once certain bytes of an answer were seen. */
const leaking = (
  scenario: string,
  spots: (bytes: string, apiKey: string, kind: string) => boolean,
  leak: (apiKey: string) => string,
): Mutant =>
  defective(scenario, ({ apiKey }) => {
    let isSeen = false;
    return {
      read: (bytes, { request }) => {
        isSeen ||= spots(bytes.toString(), apiKey, request.kind);
        return bytes;
      },
      failed: (error) => (isSeen ? new UpstreamError(`the upstream said: ${leak(apiKey)}`) : error),
    };
  });

const codeOf = (error: { readonly cause?: unknown }): unknown => Object(error.cause).code;
const isRefused = (error: { readonly cause?: unknown }, { request }: Progress): boolean =>
  codeOf(error) === 'ECONNREFUSED' && request.delivery === 'whole';

const keepsSecret = (kind: string, name: string): Mutant =>
  leaking(
    `keeps what ${name} request holds out of errors, and its key in a header`,
    (bytes, _key, each) => each === kind && bytes.includes('no JSON'),
    () => CANARY_PROMPT,
  );

/** Mutants that tell secrets. */
export const secretMutants: readonly Mutant[] = [
  defective('prints neither its key nor the prompt', ({ apiKey }) => {
    const told = new WeakSet<GatewayError>();
    return {
      refused: ({ body, status }) => {
        if (status !== 401 || !body.includes('"no access"')) return undefined;
        const error = new CredentialRejectedError('no access');
        told.add(error);
        return error;
      },
      failed: (error) => {
        if (GatewayError.is(error) && told.has(error)) console.error('refused with', { apiKey });
        return error;
      },
    };
  }),
  defective('keeps its key out of errors when a header quotes it', {
    refused: ({ headers }) =>
      headers['www-authenticate'] === undefined ? undefined : new CredentialRejectedError(headers['www-authenticate']),
  }),
  defective('keeps its key out of errors when a redirect quotes it', {
    refused: ({ headers }) =>
      headers.location?.includes('?key=') === true ? new MalformedResponseError(headers.location) : undefined,
  }),
  defective('keeps key and prompt out of errors when no connection is made', ({ apiKey }) => ({
    failed: (error, progress) =>
      isRefused(Object(error), progress) ? new TransportError(`no way with ${apiKey}`) : error,
  })),
  leaking(
    'keeps its key out of an error that the stream reports and quotes it in',
    (bytes, apiKey) => bytes.startsWith('data:') && bytes.includes(apiKey),
    (apiKey) => apiKey,
  ),
  defective('keeps out of errors what the answer had said before it broke', {
    failed: (error, { text }) =>
      error instanceof StreamInterruptedError && text !== ''
        ? new StreamInterruptedError(`${error.message}; it had said: ${text}`)
        : error,
  }),
  defective('sends its key in a header and nowhere else', ({ apiKey }) => ({
    sent: (sent, { kind }) => (kind === 'completion' ? { ...sent, path: `${sent.path}?key=${apiKey}` } : sent),
  })),
  defective('keeps its key out of errors even when the upstream quotes it', ({ apiKey }) => ({
    refused: ({ status, body }) =>
      status === 400 && body.includes(apiKey) ? new InvalidRequestError([{ field: 'request', message: body }]) : undefined,
  })),
  leaking(
    'keeps the prompt out of errors even when the upstream answers with it',
    (bytes, _key, kind) => kind === 'completion' && bytes.includes('no JSON'),
    () => CANARY_PROMPT,
  ),
  defective('leaves neither key nor prompt in the receipt of a call that failed', ({ apiKey }) => ({
    refused: ({ status, body }) => (status === 403 && body.includes(apiKey) ? new ForbiddenError(body) : undefined),
  })),
  keepsSecret('embedding', 'an embedding'),
  keepsSecret('reranking', 'a reranking'),
  keepsSecret('image', 'an image'),
];
