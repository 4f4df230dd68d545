import http from 'node:http';
import https from 'node:https';
import {
  type CallContext,
  CLOCK,
  CONTRACT_VERSION,
  errorFromStatus,
  type EventBatch,
  MalformedResponseError,
  type ModelInfo,
  type ModelRequest,
  PROVIDER,
  type Provider,
  type ProviderModule,
  systemClock,
  type StreamEvent,
  StreamInterruptedError,
  TransportError,
} from '@headrace/core/plugin';
import type { ProviderTarget } from '../conformance-spec.js';
import type { Breach } from './breach.js';
import { ChatDecoder } from './chat-decoder.js';
import { ResultDecoder } from './result-decoder.js';

type Decoder = ChatDecoder | ResultDecoder;

const PATHS = { completion: 'chat/completions', embedding: 'embeddings', reranking: 'rerank', image: 'images' } as const;

const bodyOf = (request: ModelRequest): object => {
  const { kind, delivery, ...asked } = request;
  return kind === 'completion' ? { ...asked, stream: delivery === 'stream' } : asked;
};

const everybodysAgent = new http.Agent({ keepAlive: true });

/** What has come and what is waited for. */
class Inbox {
  #batches: EventBatch[] = [];
  #failure: { readonly error: unknown } | undefined;
  #over = false;
  #wake: (() => void) | undefined;

  put(batch: EventBatch): void {
    if (this.#failure === undefined && batch.events.length > 0) this.#batches.push(batch);
    this.#wake?.();
  }

  fail(error: unknown): void {
    this.#failure ??= { error };
    this.#wake?.();
  }

  drop(): void {
    this.#batches = [];
  }

  reopen(): void {
    this.#failure = undefined;
    this.#over = false;
  }

  end(): void {
    this.#over = true;
    this.#wake?.();
  }

  async take(): Promise<EventBatch | undefined> {
    for (;;) {
      const batch = this.#batches.shift();
      if (batch !== undefined) return batch;
      if (this.#failure !== undefined) throw this.#failure.error;
      if (this.#over) return undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

/** A plain provider for OpenAI chat on node:http that keeps the contract, or breaks it where told. */
export class ReferenceProvider implements Provider {
  readonly id: string;
  readonly kinds: Provider['kinds'];
  readonly #agents: { readonly http: http.Agent; readonly https: https.Agent };
  readonly #breaches: ReadonlySet<Breach>;
  #closed = 0;
  #failed = false;

  constructor(
    private readonly target: ProviderTarget,
    ...breaches: readonly Breach[]
  ) {
    this.#breaches = new Set(breaches);
    this.id = this.#has('id-in-capitals') ? 'Reference' : 'reference';
    const others = ['embedding', 'reranking', 'image'] as const;
    this.kinds = [
      ...(this.#has('no-completions') ? [] : (['completion'] as const)),
      ...(this.#has('other-kinds-unlisted') ? [] : others),
    ];
    this.#agents = {
      http: this.#has('shared-agent') ? everybodysAgent : new http.Agent({ keepAlive: true }),
      https: new https.Agent(),
    };
  }

  #has(breach: Breach): boolean {
    return this.#breaches.has(breach);
  }

  listModels(): Promise<readonly ModelInfo[]> {
    return Promise.resolve([]);
  }

  close(): Promise<void> {
    this.#closed += 1;
    if (this.#has('close-once') && this.#closed > 1) return Promise.reject(new Error('closed already'));
    if (!this.#has('close-leaves-connections')) this.#agents.http.destroy();
    this.#agents.https.destroy();
    return Promise.resolve();
  }

  call(request: ModelRequest, context: CallContext): AsyncIterable<EventBatch> {
    const attempt = this.#attempt(request, context);
    if (!this.#has('eager')) return attempt;
    const first = attempt.next();
    first.catch(() => undefined);
    return (async function* () {
      const { done, value } = await first;
      if (done !== true) yield value;
      yield* attempt;
    })();
  }

  async *#attempt(request: ModelRequest, context: CallContext): AsyncGenerator<EventBatch> {
    if (this.#failed) throw new TransportError('failed before');
    if (context.cancelled && !this.#has('cancel-ignored')) throw context.cancelReason;
    const inbox = new Inbox();
    const decoder =
      request.kind === 'completion'
        ? new ChatDecoder(request.delivery === 'whole', this.#breaches)
        : new ResultDecoder(request, this.#breaches);
    let sent = this.#send(request, context, decoder, inbox);
    const stopListening = context.onCancel((reason) => {
      if (this.#has('cancel-ignored')) return;
      this.#failed = this.#has('spoiled-by-late-cancel');
      inbox.drop();
      inbox.fail(this.#has('reason-wrapped') ? new TransportError('aborted', { cause: reason }) : reason);
      if (!this.#has('connection-kept')) sent.destroy();
    });
    try {
      for (let tries = 1; ; tries += 1) {
        try {
          yield* this.#read(inbox, request);
          return;
        } catch (error) {
          this.#failed = this.#has('unusable-after-failure');
          if (!this.#has('retries') || tries > 1) throw error;
          inbox.reopen();
          sent = this.#send(request, context, decoder, inbox);
        }
      }
    } finally {
      if (!this.#has('spoiled-by-late-cancel')) stopListening();
      if (!decoder.ended && !this.#has('connection-kept')) sent.destroy();
    }
  }

  async *#read(inbox: Inbox, { delivery }: ModelRequest): AsyncGenerator<EventBatch> {
    const kept: EventBatch[] = [];
    for (let batch = await inbox.take(); batch !== undefined; batch = await inbox.take()) {
      if (this.#has('all-at-the-end')) kept.push(batch);
      else if (delivery === 'whole' && (this.#has('many-batches-for-whole') || this.#has('results-apart'))) {
        for (const event of batch.events) yield { events: [event] };
      } else yield batch;
    }
    yield* kept;
  }

  #send(request: ModelRequest, context: CallContext, decoder: Decoder, inbox: Inbox): http.ClientRequest {
    const { baseUrl, apiKey } = this.target;
    const query = this.#has('key-in-path') ? `?key=${apiKey}` : '';
    const url = new URL(`${baseUrl}/${PATHS[request.kind]}${query}`);
    return this.#post(url, request, context, decoder, inbox);
  }

  #post(
    url: URL,
    request: ModelRequest,
    context: CallContext,
    decoder: Decoder,
    inbox: Inbox,
  ): http.ClientRequest {
    const secure = url.protocol === 'https:';
    const headers = { authorization: `Bearer ${this.target.apiKey}`, 'content-type': 'application/json' };
    const agent = secure ? this.#agents.https : this.#agents.http;
    const tell: CallContext['onPhase'] = (...phase) => {
      if (!this.#has('silent-phases')) context.onPhase(...phase);
    };
    let answered = false;
    const sent = (secure ? https : http).request(url, { method: 'POST', agent, headers }, (answer) => {
      answered = true;
      tell('headers');
      const { statusCode = 0, headers: head } = answer;
      if (statusCode >= 300 && statusCode < 400 && this.#has('follows-redirects')) {
        this.#post(new URL(head.location ?? '', url), request, context, decoder, inbox);
        return;
      }
      let refusal = '';
      answer.on('data', (bytes: Buffer) => {
        tell('bytes', bytes.length);
        if (statusCode !== 200) refusal += bytes.toString();
        else this.#decode(inbox, (events) => decoder.write(bytes, events));
      });
      answer.on('error', (cause) => {
        const truncated = new StreamInterruptedError('the connection broke within the answer', { cause });
        inbox.fail(this.#has('foreign-errors') ? cause : truncated);
      });
      answer.on('end', () => {
        const isHtml = head['content-type']?.startsWith('text/html') === true;
        if (statusCode !== 200) this.#decode(inbox, () => this.#refuse(statusCode, head, refusal));
        else if (isHtml && !this.#has('anything-is-an-answer')) inbox.fail(new MalformedResponseError('HTML came'));
        else this.#decode(inbox, (events) => decoder.end(events));
        inbox.end();
      });
    });
    sent.on('socket', (socket) => {
      if (!socket.connecting) tell('connected');
      else socket.once(secure ? 'secureConnect' : 'connect', () => tell('connected'));
    });
    sent.on('error', (cause) => {
      // Newer versions of Node tell a break within the answer to the request as well, and first.
      if (answered) return;
      inbox.fail(this.#has('foreign-errors') ? cause : new TransportError('no answer came', { cause }));
    });
    return sent.end(JSON.stringify(bodyOf(request)));
  }

  #decode(inbox: Inbox, decode: (events: StreamEvent[]) => void): void {
    const events: StreamEvent[] = [];
    let failure: unknown;
    try {
      decode(events);
    } catch (error) {
      failure = error;
    }
    inbox.put({ events });
    if (failure !== undefined) inbox.fail(failure);
  }

  #refuse(status: number, headers: http.IncomingHttpHeaders, body: string): never {
    if (this.#has('body-before-status')) JSON.parse(body);
    const hint = headers['retry-after'] ?? '';
    const seconds = Number(hint);
    const waitMs = hint !== '' && Number.isFinite(seconds) ? seconds * 1000 : Date.parse(hint) - Date.now();
    const retryAfterMs = Number.isFinite(waitMs) && !this.#has('no-wait') ? waitMs : undefined;
    const invented = this.#has('invented-wait') ? 1000 : undefined;
    const message = this.#has('upstream-quoted') ? body : 'the upstream refused';
    const code = this.#has('every-status-upstream') ? 500 : status;
    throw errorFromStatus(code, message, { retryAfterMs: retryAfterMs ?? invented });
  }
}

/** The module of the reference provider. */
export const referenceModule = (target: ProviderTarget, ...breaches: readonly Breach[]): ProviderModule => ({
  name: breaches.includes('module-of-another-name') ? 'other' : 'reference',
  contractVersion: CONTRACT_VERSION,
  register(scope) {
    class Registered extends ReferenceProvider {
      constructor() {
        super(target, ...breaches);
      }
    }
    scope.own.register(CLOCK, { useValue: systemClock });
    scope.provide(PROVIDER, Registered);
    if (breaches.includes('module-provides-twice')) scope.provide(PROVIDER, Registered);
  },
});
