import type { VercelEmulator } from '../emulator-options.js';
import { dataLines, type Json } from './emulator-client.js';
import { postJson } from './post-json.js';

/** Asks as the AI SDK's client does: the model in a header, the call options as body. */
export const postNative = (
  emulator: VercelEmulator,
  kind: 'language' | 'embedding' | 'reranking' | 'image',
  model: string,
  body: Json,
  headers: Record<string, string> = {},
  generation: 2 | 3 | 4 = 4,
): Promise<Response> =>
  postJson(emulator, `/v${generation === 2 ? 1 : generation}/ai/${kind}-model`, body, {
    'ai-gateway-protocol-version': '0.0.1',
    'ai-gateway-auth-method': 'api-key',
    [`ai-${kind}-model-specification-version`]: String(generation),
    [kind === 'language' ? 'ai-language-model-id' : 'ai-model-id']: model,
    ...headers,
  });

/** The parts of a streamed answer. */
export async function nativeParts(emulator: VercelEmulator, model: string, body: Json): Promise<Json[]> {
  const headers = { 'ai-language-model-streaming': 'true' };
  const response = await postNative(emulator, 'language', model, body, headers);
  const lines = dataLines(await response.text());
  return lines.filter((line) => line !== '[DONE]').map((line) => JSON.parse(line) as Json);
}
