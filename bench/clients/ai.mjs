// The AI SDK with its provider for OpenAI-compatible endpoints.
import { API_KEY, MODEL, PROMPT } from '../answers.mjs';
import { versionOf } from './version-of.mjs';

/** @type {import('../measure.mjs').Connect} */
export async function connect(origin) {
  const [{ generateText, streamText }, { createOpenAICompatible }] = await Promise.all([
    import('ai'),
    import('@ai-sdk/openai-compatible'),
  ]);
  const model = createOpenAICompatible({ name: 'bench', apiKey: API_KEY, baseURL: `${origin}/v1` })(MODEL);
  const request = { model, prompt: PROMPT, maxRetries: 0 };
  return {
    version: () => versionOf('ai'),
    async whole() {
      const { text, finishReason, usage } = await generateText(request);
      return { text, chunks: 1, finish: finishReason, outputTokens: usage.outputTokens ?? 0 };
    },
    async stream(onFirst) {
      let text = '';
      let chunks = 0;
      let finish = '';
      let outputTokens = 0;
      const { stream } = streamText(request);
      for await (const part of stream) {
        if (part.type === 'text-delta') {
          text += part.text;
          chunks += 1;
          if (chunks === 1) onFirst();
        } else if (part.type === 'finish') {
          finish = part.finishReason;
          outputTokens = part.totalUsage.outputTokens ?? 0;
        } else if (part.type === 'error') {
          throw part.error;
        }
      }
      return { text, chunks, finish, outputTokens };
    },
    close: async () => {},
  };
}
