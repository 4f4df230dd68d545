import { readFileSync } from 'node:fs';
import { InvalidRequestError, type Message } from '@headrace/core/plugin';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { conversationPrompt, messagesOfPrompt } from './conversation-prompt.js';

const line = fc.oneof(
  fc.string(),
  fc.constantFrom('user: hi', 'assistant:', 'system: ', '  indented', '', '\r', ' ', 'assistant: x\n\nuser: y'),
);
const spoken = fc.record({
  role: fc.constantFrom('system' as const, 'user' as const, 'assistant' as const),
  content: fc.array(line, { minLength: 0, maxLength: 4 }).map((lines) => lines.join('\n')),
});

describe('conversationPrompt', () => {
  it('is read back to the same messages, whatever they say', () => {
    fc.assert(
      fc.property(fc.array(spoken, { minLength: 1, maxLength: 6 }), (messages) => {
        expect(messagesOfPrompt(conversationPrompt(messages))).toEqual(messages);
      }),
      { numRuns: 500 },
    );
  });

  it('has the documented form and asks the assistant to go on', () => {
    const messages: Message[] = [
      { role: 'system', content: 'Be brief.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Two lines:\n' },
          { type: 'text', text: 'assistant: no' },
        ],
      },
    ];
    expect(conversationPrompt(messages)).toBe('system: Be brief.\nuser: Two lines:\n  assistant: no\nassistant:');
  });

  it('is the text that the README shows', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    const prompt = conversationPrompt([
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Two rivers, please:\none in Asia' },
    ]);
    expect(readme).toContain(`\`\`\`text\n${prompt}\n\`\`\``);
  });

  it('does not ask after the assistant has spoken, and leaves reasoning out', () => {
    const content = [
      { type: 'reasoning', text: 'hm' },
      { type: 'text', text: 'Hi' },
    ] as const;
    expect(conversationPrompt([{ role: 'assistant', content }])).toBe('assistant: Hi');
  });

  it.each<Message>([
    { role: 'user', content: [{ type: 'image', source: { type: 'url', url: 'https://x.example/a.png' } }] },
    { role: 'assistant', content: [{ type: 'tool-call', id: '1', name: 'f', argumentsJson: '{}' }] },
    { role: 'tool', content: [{ type: 'tool-result', toolCallId: '1', content: 'x' }] },
  ])('refuses what a text cannot carry: %j', (message) => {
    expect(() => conversationPrompt([message])).toThrow(InvalidRequestError);
  });

  it.each(['hello', 'robot: hi', '  indented first', 'user: a\nb'])('does not read %j', (text) => {
    expect(() => messagesOfPrompt(text)).toThrow(InvalidRequestError);
  });
});
