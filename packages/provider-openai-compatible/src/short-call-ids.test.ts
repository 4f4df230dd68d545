import type { Message } from '@headrace/core/plugin';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { withShortCallIds } from './short-call-ids.js';

const turn = (...ids: readonly string[]): readonly Message[] => [
  { role: 'user', content: 'Weather?' },
  {
    role: 'assistant',
    content: [
      { type: 'text', text: 'Hm.' },
      ...ids.map((id) => ({ type: 'tool-call', id, name: 'weather', argumentsJson: '{}' }) as const),
    ],
  },
  { role: 'tool', content: ids.map((toolCallId) => ({ type: 'tool-result', toolCallId, content: '7 °C' }) as const) },
];

const idsOf = (messages: readonly Message[]): readonly string[][] =>
  ['tool-call', 'tool-result'].map((type) =>
    messages
      .flatMap(({ content }) => (typeof content === 'string' ? [] : [...content]))
      .flatMap((part) => {
        if (part.type !== type) return [];
        return part.type === 'tool-call' ? [part.id] : part.type === 'tool-result' ? [part.toolCallId] : [];
      }),
  );

describe('short ids of tool calls', () => {
  it('are kept where they are short already, and everything else as it is', () => {
    const messages = turn('D681PevKs');
    expect(withShortCallIds(messages)).toEqual(messages);
  });

  it('of another maker are nine letters and digits, alike for a call and its result', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 8 }), (ids) => {
        const [calls = [], results] = idsOf(withShortCallIds(turn(...ids)));
        for (const id of calls) expect(id).toMatch(/^[A-Za-z0-9]{9}$/);
        expect(results).toEqual(calls);
        expect(new Set(calls).size).toBe(ids.length);
      }),
      { examples: [[['call_0fypS1hVX', 'call_PTLP8xhu3uwZk4l3nlnrrJha', '', 'toolu_01', 'c1']]] },
    );
  });
});
