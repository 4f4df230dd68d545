import {
  type CallContext,
  type CompletionRequest,
  ContextLengthError,
  type EventBatch,
  errorFromStatus,
  type GatewayError,
  InvalidRequestError,
  MalformedResponseError,
  MissingCredentialError,
  type ModelInfo,
  type ModelRequest,
  type Provider,
  QuotaExhaustedError,
  type RequestKind,
  Secret,
  standaloneContext,
  tellLosses,
  UpstreamError,
} from '@headrace/core/plugin';
import {
  ChatReplyDecoder,
  ChatStreamDecoder,
  encodeChatRequest,
  type HttpAnswer,
  type HttpRequest,
  HttpSession,
  httpCall,
  httpJson,
  retryAfterMs,
} from '@headrace/wire';
import { failureOfBody, failureOfError, upstreamText } from '@headrace/wire/provider';
import { z } from 'zod';
import type { AcmeOptions } from './acme-options.js';

const modelList = z.object({ data: z.array(z.object({ id: z.string() })) });

/** Acme's API over HTTP: one attempt per call. Retries, clocks and receipts are the gateway's. */
export class AcmeProvider implements Provider {
  readonly id: string;
  readonly kinds: readonly RequestKind[] = ['completion'];
  readonly #session: HttpSession;
  readonly #prefix: string;
  readonly #key: Secret;

  constructor(options: AcmeOptions) {
    this.id = options.id ?? 'acme';
    this.#key = new Secret(options.apiKey ?? process.env['ACME_API_KEY'] ?? '');
    const { origin, pathname } = new URL(options.baseUrl ?? 'https://api.acme.example');
    this.#session = new HttpSession({ origin });
    this.#prefix = pathname.replace(/\/+$/, '');
  }

  /** One attempt, started by the first read. Nothing is sent for a call that cannot work. */
  call(request: ModelRequest, context: CallContext): AsyncIterable<EventBatch> {
    if (request.kind !== 'completion')
      throw new InvalidRequestError([{ field: 'kind', message: 'is not done by Acme.' }]);
    const decoding = {
      warn: context.warn.bind(context),
      inBandError: (error: unknown) => this.#error(failureOfError(error, undefined)),
    };
    return httpCall(this.#session, () => this.#request(request, context), context, {
      // What came decides, not what was asked for: some upstreams answer a stream with plain JSON.
      decoder: ({ headers }) =>
        String(headers['content-type']).startsWith('text/event-stream')
          ? new ChatStreamDecoder(decoding)
          : new ChatReplyDecoder(decoding),
      failure: (answer, body) => this.#error(failureOfBody(answer.status, body), answer),
    });
  }

  async listModels(signal: AbortSignal): Promise<readonly ModelInfo[]> {
    const context = standaloneContext({ signal });
    try {
      const request = {
        method: 'GET',
        path: `${this.#prefix}/v1/models`,
        headers: this.#headers('application/json'),
      } as const;
      const { json } = await httpJson(this.#session, request, context, (answer, body) =>
        this.#error(failureOfBody(answer.status, body), answer),
      );
      const list = modelList.safeParse(json);
      if (!list.success) throw new MalformedResponseError('What Acme sent is no list of models.');
      const provenance = { origin: 'live', asOf: new Date().toISOString().slice(0, 10) } as const;
      return list.data.data.map(({ id }) => ({ id, provider: this.id, type: 'language', parameters: {}, provenance }));
    } finally {
      context.release();
    }
  }

  close(): Promise<void> {
    return this.#session.close();
  }

  #request(request: CompletionRequest, context: CallContext): HttpRequest {
    const { body, warnings, notes } = encodeChatRequest(request, { providerId: this.id });
    tellLosses(warnings, context, notes);
    const accept = request.delivery === 'stream' ? 'text/event-stream' : 'application/json';
    return {
      method: 'POST',
      path: `${this.#prefix}/v1/chat/completions`,
      headers: this.#headers(accept),
      body: JSON.stringify(body),
    };
  }

  #headers(accept: string): Readonly<Record<string, string>> {
    const key = this.#key.reveal();
    if (key === '') throw new MissingCredentialError('No key for Acme: give apiKey, or set ACME_API_KEY.');
    return { accept, authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  }

  /** What Acme said, without our key in it. */
  #error(failure: ReturnType<typeof failureOfBody>, answer?: HttpAnswer): GatewayError {
    const said = upstreamText(failure?.message ?? '', [this.#key.reveal()]) || 'Acme reported an error.';
    const status = answer?.status ?? failure?.status;
    if (status === undefined) return new UpstreamError(said);
    const waitMs = answer === undefined ? undefined : retryAfterMs(answer.headers, Date.now());
    const options = { retryAfterMs: waitMs ?? failure?.retryAfterMs, upstream: { status } };
    // Where the code says more than the status.
    if (failure?.code === 'insufficient_quota') return new QuotaExhaustedError(said, options);
    if (failure?.code === 'context_length_exceeded') return new ContextLengthError(said, options);
    return errorFromStatus(status, said, options);
  }
}
