import {
  type CallContext,
  type Clock,
  type CompletionRequest,
  type GatewayError,
  type ModelRequest,
  Secret,
  systemClock,
  UpstreamError,
} from '@headrace/core/plugin';
import { ChatReplyDecoder } from '../../chat/chat-reply-decoder.js';
import type { HttpAnswer } from '../../http/body-decoder.js';
import type { HttpRequest } from '../../http/http-call.js';
import { LayeredCatalogue } from '../layered-catalogue.js';
import { ProviderCall } from '../provider-call.js';
import { ProviderClient } from '../provider-client.js';
import { ProviderSettings } from '../provider-settings.js';
import type { SentKey } from '../sent-key.js';

class SmallCall extends ProviderCall<CompletionRequest, ProviderSettings, SentKey> {
  protected override requestWith(): HttpRequest {
    const { delivery, model } = this.asked;
    return {
      method: 'POST',
      path: `${this.terms.settings.prefix}/chat`,
      headers: this.headers(delivery),
      body: JSON.stringify({ model }),
    };
  }

  protected override read(): ChatReplyDecoder {
    const inBandError = (): GatewayError => new UpstreamError('in-band');
    return new ChatReplyDecoder({ warn: (warning) => this.warn(warning), inBandError });
  }

  protected override errorOf({ status }: HttpAnswer, body: string): GatewayError {
    return new UpstreamError(`${status} ${body}`);
  }
}

/** How calls went, as the source of their keys heard: `ok` or the class of the failure. */
export class HeardKeys {
  readonly heard: string[] = [];

  constructor(private readonly key = 'key-of-this-test') {}

  find(): SentKey {
    return { token: new Secret(this.key), judge: (failure) => this.heard.push(failure?.failureClass ?? 'ok') };
  }
}

/** A client with as little dialect as there can be. */
export class SmallClient extends ProviderClient<ProviderSettings, SentKey> {
  readonly kinds = ['completion'] as const;
  readonly catalogue: LayeredCatalogue;

  constructor(origin: string, keys = new HeardKeys(), clock: Clock = systemClock) {
    const settings = new ProviderSettings(
      { id: 'small', env: {}, headers: { 'X-Team': 'a' } },
      {
        provider: 'small',
        base: { origin, prefix: '/v1' },
        manifest: new URL('../../../package.json', import.meta.url),
        keyHeader: (key) => ({ 'x-key': key }),
      },
    );
    super({ settings, keys, clock });
    this.catalogue = new LayeredCatalogue({
      provider: 'small',
      maker: '',
      hostModels: [],
      clock,
      refresh: { ...settings.refresh, fetch: (signal) => this.#list(signal) },
    });
  }

  protected override callOf(request: ModelRequest, context: CallContext): SmallCall {
    return new SmallCall(request as CompletionRequest, this.terms, context);
  }

  protected override errorOf({ status }: HttpAnswer, body: string): GatewayError {
    return new UpstreamError(`${status} ${body}`);
  }

  async #list(signal: AbortSignal) {
    const json = await this.ask({ path: '/models', key: await this.terms.keys.find(), signal });
    return (json as readonly string[]).map((id) => ({ id, type: 'language' }));
  }
}
