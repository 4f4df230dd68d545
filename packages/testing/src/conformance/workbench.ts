import assert from 'node:assert/strict';
import {
  type CompletionRequest,
  type EmbeddingRequest,
  type EventBatch,
  GatewayError,
  type ImageRequest,
  type ModelRequest,
  type Provider,
  type RerankingRequest,
} from '@headrace/core/plugin';
import { completionRequest } from '../context/completion-request.js';
import { type TestContext, testContext } from '../context/test-context.js';
import { embeddingRequest, imageRequest, rerankingRequest } from '../context/unary-requests.js';
import type { TokenCounts } from '../script/token-counts.js';
import { type Collected, collectUntilError } from '../stream/collect.js';
import { startUpstream, type Upstream, type UpstreamOptions, type UpstreamScript } from '../upstream/start-upstream.js';
import { finish, status, type UpstreamStep, write } from '../upstream/upstream-step.js';
import { CANARY_KEY, CANARY_PROMPT } from './canary.js';
import type { ConformanceSpec } from './conformance-spec.js';
import type { Dialect, RenderedReply, RenderedStream } from './dialect.js';
import { everythingPrintable } from './secrets.js';
import { wholeAnswer } from './whole-answer.js';

/** A provider and the upstream it speaks to. */
export interface Pair {
  readonly upstream: Upstream;
  readonly provider: Provider;
}

/** The key that a suite gives its providers. */
export const apiKeyOf = (spec: ConformanceSpec): string => spec.apiKey ?? CANARY_KEY;

/** What one case works with. It cleans up what it made. */
export class Workbench {
  readonly dialect: Dialect;
  readonly #cleanUps: (() => Promise<unknown> | undefined)[] = [];

  constructor(readonly spec: ConformanceSpec) {
    this.dialect = spec.dialect;
  }

  get apiKey(): string {
    return apiKeyOf(this.spec);
  }

  /** Hands over what is to be closed after the case. */
  keep<T extends { close?(): Promise<void> }>(resource: T): T {
    this.#cleanUps.unshift(() => resource.close?.());
    return resource;
  }

  async upstream(...plays: readonly (UpstreamScript | UpstreamOptions)[]): Promise<Upstream> {
    return this.keep(await startUpstream(...plays));
  }

  async provider(baseUrl: string): Promise<Provider> {
    return this.keep(await this.spec.create({ baseUrl, apiKey: this.apiKey }));
  }

  async pair(...plays: readonly (UpstreamScript | UpstreamOptions)[]): Promise<Pair> {
    const upstream = await this.upstream(...plays);
    return { upstream, provider: await this.provider(upstream.url) };
  }

  /** Upstream and provider for one streamed answer of these pieces. */
  speaking(pieces: readonly string[], usage: TokenCounts = { input: 5, output: 5 }): Promise<Pair> {
    return this.pair(this.streamed(this.dialect.textStream(pieces, usage)));
  }

  request(overrides: Partial<CompletionRequest> = {}): CompletionRequest {
    const messages = [{ role: 'user' as const, content: CANARY_PROMPT }];
    return completionRequest({ messages, ...this.spec.request, ...overrides });
  }

  embeddingRequest(): EmbeddingRequest {
    return embeddingRequest({ inputs: [CANARY_PROMPT, 'second'], ...this.spec.otherKinds?.embedding });
  }

  rerankingRequest(): RerankingRequest {
    return rerankingRequest({ query: CANARY_PROMPT, ...this.spec.otherKinds?.reranking });
  }

  imageRequest(): ImageRequest {
    return imageRequest({ prompt: CANARY_PROMPT, ...this.spec.otherKinds?.image });
  }

  /** Waits, but not for ever: a case fails with what it waited for. */
  async within<T>(promise: Promise<T>, what: string): Promise<T> {
    const limitMs = this.spec.patienceMs ?? 4000;
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(
        () => reject(new assert.AssertionError({ message: `waited ${limitMs} ms for ${what}` })),
        limitMs,
      );
    });
    try {
      return await Promise.race([promise, limit]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Reads one call to its end. */
  run(
    provider: Provider,
    request: ModelRequest = this.request(),
    context: TestContext = testContext(),
  ): Promise<Collected<EventBatch>> {
    return this.within(collectUntilError(provider.call(request, context)), 'the call to end');
  }

  /** Reads a call that must fail, and gives its error. No end may come before it; no secret may be in it. */
  async failure(provider: Provider, request: ModelRequest = this.request()): Promise<GatewayError> {
    const { items, ended, error } = await this.run(provider, request);
    assert.equal(ended, 'thrown', 'the call ended as if nothing had happened');
    const events = items.flatMap((batch) => batch.events);
    assert.ok(!events.some((event) => event.type === 'response-end'), 'an answer that failed had a response-end');
    assert.ok(GatewayError.is(error), `threw what is no GatewayError: ${String(error)}`);
    this.noSecretsIn(error);
    return error;
  }

  noSecretsIn(error: unknown): void {
    const printed = everythingPrintable(error);
    assert.ok(!printed.includes(this.apiKey), 'the API key can be printed with the error');
    assert.ok(!printed.includes(CANARY_PROMPT), 'the prompt can be printed with the error');
  }

  /** The text of an answer that must be whole. */
  async text(provider: Provider, request?: ModelRequest): Promise<string> {
    return wholeAnswer(await this.run(provider, request)).text;
  }

  /** A streamed answer with its proof, one write for each frame. */
  streamed({ headers, content, proof }: RenderedStream): readonly UpstreamStep[] {
    return [status(200, headers), ...[...content, ...proof].map(write), finish()];
  }

  /** The head and content of a streamed answer, without its proof. */
  unproved({ headers, content }: RenderedStream): readonly UpstreamStep[] {
    return [status(200, headers), ...content.map(write)];
  }

  whole({ headers, body }: RenderedReply, code = 200): readonly UpstreamStep[] {
    return [
      status(code, { ...headers, 'content-length': String(Buffer.byteLength(body)) }),
      ...(body === '' ? [] : [write(body)]),
      finish(),
    ];
  }

  /** Closes everything, the last first, even if closing one of them fails. Rejects with the first failure. */
  async cleanUp(): Promise<void> {
    const failures: unknown[] = [];
    for (const cleanUp of this.#cleanUps.splice(0)) {
      await this.within(Promise.resolve(cleanUp()), 'close() to settle').catch((error) => failures.push(error));
    }
    if (failures.length > 0) throw failures[0];
  }
}

/** Plays a case on a bench of its own. A failure of the case comes before a failure of the cleaning up. */
export const onWorkbench = async (spec: ConformanceSpec, run: (bench: Workbench) => Promise<void>): Promise<void> => {
  const bench = new Workbench(spec);
  try {
    await run(bench);
  } catch (error) {
    await bench.cleanUp().catch(() => undefined);
    throw error;
  }
  await bench.cleanUp();
};
