import { errorFromStatus, MalformedResponseError, StreamInterruptedError, TransportError } from '@headrace/core/plugin';

const REASONS = { stop: 'stop', length: 'length', content_filter: 'content-filter' };

/** As short as a provider can be: streams text, and leaves much of the contract out. */
export class PlainProvider {
  id = 'plain';
  kinds = ['completion'];
  #target;

  constructor(target) {
    this.#target = target;
  }

  async listModels() {
    return [];
  }

  async *call(request, context) {
    if (context.cancelled) throw context.cancelReason;
    const { baseUrl, apiKey } = this.#target;
    const { delivery, kind: _kind, ...body } = request;
    try {
      const response = await fetch(`${baseUrl}/v1/chat`, {
        method: 'POST',
        headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
        body: JSON.stringify({ ...body, stream: delivery === 'stream' }),
        redirect: 'manual',
        signal: context.signal,
      });
      if (response.status !== 200) throw errorFromStatus(response.status, 'refused');
      const answer = await response.text();
      const frames = delivery === 'stream' ? [...answer.matchAll(/^data: (\{.*)$/gm)].map(([, data]) => data) : [answer];
      yield { events: frames.flatMap(eventsOf) };
      if (!frames.some((frame) => /"finish_reason":"/.test(frame))) throw new StreamInterruptedError('cut');
    } catch (error) {
      if (context.cancelled) throw context.cancelReason;
      if (error instanceof TypeError) throw new TransportError('no answer');
      throw error instanceof SyntaxError ? new MalformedResponseError('no JSON') : error;
    }
  }
}

function eventsOf(data) {
  const { id, model, choices } = JSON.parse(data);
  const [choice] = choices ?? [];
  if (choice === undefined) throw new MalformedResponseError('no choices');
  const said = choice.delta ?? choice.message;
  const reason = choice.finish_reason;
  return [
    ...(said.role === 'assistant' ? [{ type: 'response-start', responseId: id, model }] : []),
    ...(said.content ? [{ type: 'text-delta', text: said.content }] : []),
    ...(reason ? [{ type: 'response-end', reason: REASONS[reason] ?? 'unknown', rawReason: reason }] : []),
  ];
}
