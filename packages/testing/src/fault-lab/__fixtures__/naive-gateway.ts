import type { LabCall, LabClient, LabSubject, LabTarget, LabTool, Received } from '../lab-subject.js';

/** Tries of each target: blind, at once, whatever went wrong. */
const TRIES = 3;

interface NaiveFrame {
  readonly choices?: readonly {
    readonly delta?: {
      readonly content?: string;
      readonly tool_calls?: readonly { readonly index: number; readonly function: { name?: string; arguments?: string } }[];
    };
    readonly message?: {
      readonly content?: string;
      readonly tool_calls?: readonly { readonly function: { readonly name: string; readonly arguments: string } }[];
    };
  }[];
}

const bodyFor = ({ delivery, prompt, tools }: LabCall, model: string): string =>
  JSON.stringify({
    model,
    stream: delivery === 'stream',
    messages: [{ role: 'user', content: prompt }],
    ...(tools.length === 0 ? {} : { tools: tools.map((tool: LabTool) => ({ type: 'function', function: tool })) }),
  });

const readWhole = async (response: Response, onText: LabCall['onText']): Promise<Received> => {
  const { choices } = (await response.json()) as NaiveFrame;
  const message = choices![0]!.message!;
  onText(message.content ?? '');
  const toolCalls = (message.tool_calls ?? []).map((call) => ({
    name: call.function.name,
    argumentsJson: call.function.arguments,
  }));
  return { ended: 'whole', toolCalls };
};

const readStream = async (response: Response, onText: LabCall['onText']): Promise<Received> => {
  const calls: { name: string; argumentsJson: string }[] = [];
  const take = (line: string): void => {
    if (!line.startsWith('data: ') || line === 'data: [DONE]') return;
    try {
      const delta = (JSON.parse(line.slice(6)) as NaiveFrame).choices?.[0]?.delta;
      onText(delta?.content ?? '');
      for (const call of delta?.tool_calls ?? []) {
        const known = (calls[call.index] ??= { name: '', argumentsJson: '' });
        known.name ||= call.function.name ?? '';
        known.argumentsJson += call.function.arguments ?? '';
      }
    } catch {
      // A frame that cannot be read is passed over.
    }
  };
  let rest = '';
  for await (const bytes of response.body ?? []) {
    const lines = (rest + Buffer.from(bytes as Uint8Array).toString('utf8')).split('\n');
    rest = lines.pop() ?? '';
    lines.forEach(take);
  }
  // The end of the body is taken for the end of the answer.
  return { ended: 'whole', toolCalls: calls };
};

class NaiveClient implements LabClient {
  constructor(private readonly targets: readonly LabTarget[]) {}

  async call(call: LabCall): Promise<Received> {
    let last: unknown;
    for (const target of this.targets) {
      for (let tries = 0; tries < TRIES; tries += 1) {
        try {
          return await this.#attempt(target, call);
        } catch (error) {
          last = error;
        }
      }
    }
    return { ended: 'error', message: String(last), printed: String(last) };
  }

  async #attempt({ url, apiKey, model }: LabTarget, call: LabCall): Promise<Received> {
    const response = await fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      body: bodyFor(call, model),
    });
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
    return call.delivery === 'stream' ? readStream(response, call.onText) : readWhole(response, call.onText);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/**
 * A gateway as it is often written first: it forwards with `fetch`, takes the end of the body for the end of the answer,
 * skips what it cannot read, and tries again at once whatever happened. It has no clocks.
 */
export const naiveGateway: LabSubject = {
  maxAttempts: 2 * TRIES,
  hasFallback: true,
  recovers: false,
  timeoutMs: 2_500,
  open: (targets) => new NaiveClient(targets),
};
