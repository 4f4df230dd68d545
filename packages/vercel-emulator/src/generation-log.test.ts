import { describe, expect, it } from '@jest/globals';
import type { Generated } from './generated.js';
import { createGenerationLog } from './generation-log.js';
import { billFor } from './usage.js';

const counts = { prompt: 1, cached: 0, cacheWritten: 0, completion: 1, reasoning: 0, image: 0 };
const generated = (id: string): Generated => ({
  id,
  startTime: 0,
  askedModel: 'openai/gpt-4.1-nano',
  model: { id: 'openai/gpt-4.1-nano', type: 'language', creator: 'openai' },
  provider: 'openai',
  outcome: { modelAttempts: [], served: undefined, lastStatus: 200 },
  answer: 'a large answer',
  finishReason: 'stop',
  counts,
  bill: billFor(counts),
  warnings: [],
  serviceTier: undefined,
  session: 'a large prompt',
  affinity: undefined,
});

describe('the log of answers', () => {
  it('keeps neither answer nor prompt, whatever their size', () => {
    const log = createGenerationLog();
    log.add(generated('gen_1'), false);
    expect(log.find('gen_1')).toMatchObject({ id: 'gen_1', finishReason: 'stop' });
    expect(
      JSON.stringify(log.find('gen_1'), (_, value: unknown) => (typeof value === 'bigint' ? `${value}` : value)),
    ).not.toMatch(/large/);
  });

  it('forgets the oldest beyond a thousand', () => {
    const log = createGenerationLog();
    for (let index = 0; index <= 1000; index += 1) log.add(generated(`gen_${index}`), false);
    expect(log.find('gen_0')).toBeUndefined();
    expect(log.find('gen_1')).toBeDefined();
  });
});
