import type { GatewayError, JsonValue, ModelRequest } from '@headrace/core/plugin';
import type { BodyDecoder, ChatDecoderOptions, HttpAnswer } from '@headrace/wire';
import { ProviderCall } from '@headrace/wire/provider';
import { type FailureContext, toldIn } from './failure-context.js';
import { type GatewayRecordOptions, GatewayRecordReader } from './gateway-record.js';
import { ownKeysOf } from './own-keys.js';
import type { Credential } from './vercel-credentials.js';
import { errorFromAnswer, errorInBand } from './vercel-errors.js';
import type { VercelSettings } from './vercel-settings.js';

/** One attempt at one request of whatever kind: what was sent with it decides how its answer is told. */
export abstract class GatewayCall<Asked extends ModelRequest>
  extends ProviderCall<Asked, VercelSettings, Credential>
  implements ChatDecoderOptions, GatewayRecordOptions
{
  // Not `protected`: it holds secrets, and what is printed of a call must not show them.
  #gateway: JsonValue | undefined = undefined;

  /** A decoder of this kind of answer. */
  protected abstract decoderOf(answer: HttpAnswer): BodyDecoder;

  /** A decoder that reads the gateway's record too. */
  protected override read(answer: HttpAnswer): BodyDecoder {
    return new GatewayRecordReader(this.decoderOf(answer), this);
  }

  protected override errorOf(answer: HttpAnswer, body: string): GatewayError {
    return errorFromAnswer(answer, body, this.#failureContext());
  }

  /** To be called by `requestWith`. @param gateway the routing options of the body */
  protected sends(gateway: JsonValue | undefined): void {
    this.#gateway = gateway;
  }

  // What the decoders need of a call: it is given to them itself, since closures for each attempt add up.

  get routing(): JsonValue | undefined {
    return this.#gateway;
  }

  /** Upstream's words without the credentials that this call sent. */
  told(text: string): string {
    return toldIn(this.#failureContext(), text);
  }

  inBandError(error: unknown, frame?: Readonly<Record<string, unknown>>): GatewayError {
    return errorInBand(error, this.#failureContext(), frame);
  }

  #failureContext(): FailureContext {
    const { settings, clock } = this.terms;
    return {
      origin: settings.origin,
      credential: this.key,
      ownKeys: ownKeysOf(this.#gateway),
      epochMs: clock.epochMs(),
    };
  }
}
