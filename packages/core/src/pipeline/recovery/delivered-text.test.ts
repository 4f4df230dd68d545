import { describe, expect, it } from '@jest/globals';
import { textOf } from '../../__fixtures__/call.js';
import type { StreamEvent } from '../../contract/stream-event.js';
import { DeliveredText } from './delivered-text.js';

const call = { index: 0, id: 'c1', name: 't' };

describe('delivered text', () => {
  it('is what was delivered, and what is no content does not count', () => {
    const delivered = new DeliveredText();
    delivered.add([{ type: 'response-start', responseId: 'r', model: 'm' }, textOf('Hel')]);
    delivered.add([textOf('lo'), { type: 'reasoning-delta', text: '' }, { type: 'raw', value: 1 }]);
    expect(delivered).toMatchObject({ text: 'Hello', obstacle: undefined, characters: 5 });
  });

  it.each<[string, StreamEvent]>([
    ['reasoning had been delivered', { type: 'reasoning-delta', text: 'Hm' }],
    ['reasoning had been delivered', { type: 'reasoning-delta', text: '', details: [] }],
    ['a tool call had been delivered', { type: 'tool-call-start', ...call }],
    ['a tool call had been delivered', { type: 'tool-call-end', ...call, argumentsJson: '{}' }],
    ['a tool call had been delivered', { type: 'tool-result', toolCallId: 'c1', name: 't', result: 1 }],
    [
      'a file had been delivered',
      { type: 'file', mediaType: 'image/png', source: { type: 'url', url: 'https://a.example' } },
    ],
    ['a citation had been delivered', { type: 'citation', url: 'https://a.example' }],
  ])('cannot be gone on from: %s', (obstacle, event) => {
    const delivered = new DeliveredText();
    delivered.add([textOf('a'), event, textOf('b')]);
    expect(delivered).toMatchObject({ obstacle, text: '', characters: 2 });
  });

  it('is kept up to a limit, and counted beyond it', () => {
    const delivered = new DeliveredText(5);
    delivered.add([textOf('Hello')]);
    expect(delivered).toMatchObject({ text: 'Hello', obstacle: undefined });
    delivered.add([textOf('!'), textOf('!')]);
    expect(delivered).toMatchObject({
      text: '',
      obstacle: 'more than 5 characters had been delivered',
      characters: 7,
    });
  });
});
