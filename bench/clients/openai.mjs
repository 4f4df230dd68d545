// The official client of OpenAI, pointed at the same endpoint.
import { API_KEY, MODEL, PROMPT } from '../answers.mjs';
import { versionOf } from './version-of.mjs';

/** @type {import('../measure.mjs').Connect} */
export async function connect(origin) {
  const { default: OpenAI } = await import('openai');
  const { completions } = new OpenAI({ apiKey: API_KEY, baseURL: `${origin}/v1`, maxRetries: 0 }).chat;
  /** @type {import('openai').OpenAI.ChatCompletionMessageParam[]} */
  const messages = [{ role: 'user', content: PROMPT }];
  return {
    version: () => versionOf('openai'),
    async whole() {
      const reply = await completions.create({ model: MODEL, messages });
      const choice = reply.choices[0];
      return {
        text: choice?.message.content ?? '',
        chunks: 1,
        finish: choice?.finish_reason ?? '',
        outputTokens: reply.usage?.completion_tokens ?? 0,
      };
    },
    async stream(onFirst) {
      let text = '';
      let chunks = 0;
      let finish = '';
      let outputTokens = 0;
      for await (const chunk of await completions.create({ model: MODEL, messages, stream: true })) {
        const choice = chunk.choices[0];
        const content = choice?.delta.content;
        if (typeof content === 'string') {
          text += content;
          chunks += 1;
          if (chunks === 1) onFirst();
        }
        if (choice?.finish_reason) finish = choice.finish_reason;
        if (chunk.usage) outputTokens = chunk.usage.completion_tokens;
      }
      return { text, chunks, finish, outputTokens };
    },
    close: async () => {},
  };
}
