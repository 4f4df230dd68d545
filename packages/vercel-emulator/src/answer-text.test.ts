import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { answerBody, answerText, NOTICE } from './answer-text.js';
import { readPrompt } from './prompt-reading.js';
import { wordsOf } from './prompt-words.js';

const reading = (...contents: string[]) => readPrompt(contents.map((content) => ({ role: 'user' as const, content })));
const answer = (prompt: string): string => answerBody(reading(prompt));

describe('answer text', () => {
  it('says first that no model was called', () => {
    expect(answerText(reading('Hello')).startsWith(`${NOTICE}\n\n`)).toBe(true);
    expect(NOTICE).toContain('emulated');
    expect(NOTICE).toContain('no model was called');
  });

  it('answers any prompt, and the same one the same way', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (prompt) => {
        expect(answer(prompt)).not.toBe('');
        expect(answer(prompt)).toBe(answer(prompt));
      }),
    );
  });

  it.each([
    ['Hello there!', /^Hello!/],
    ['What is 2+2?', /^2 \+ 2 = 4$/],
    ['Calculate 10 divided by 4', /^10 \/ 4 = 2\.5$/],
    ['Count to 5', /^1, 2, 3, 4, 5$/],
    ['Count from three to 6', /^3, 4, 5, 6$/],
    ['How many words are in "one two three"?', /\b3 words\b/],
    ['Count the characters: abcd', /\b4 characters\b/],
    ['Say exactly: pong', /^pong$/],
    ['Repeat this {"a": [1, 2]}', /^\{"a": \[1, 2\]\}$/],
    ['Translate "good morning" into French', /French: “good morning”/],
    ['Summarize: The cat sat down. The dog ran.', /^In short: The cat sat down\./],
    ['Explain how glaciers move', /“glaciers”/],
    ['Which river is the longest?', /“river”/],
    ['gravel', /Your message has 1 word\. It speaks of “gravel”/],
  ])('answers %j in kind', (prompt, expected) => {
    expect(answer(prompt)).toMatch(expected);
  });

  it('lists as many items as were asked for', () => {
    expect(answer('List seven rivers').split('\n')).toHaveLength(7);
    expect(answer('List rivers').split('\n')).toHaveLength(3);
    expect(answer('List 2 rivers')).toMatch(/^1\. .*rivers.*\n2\. .*rivers/);
  });

  it('keeps to a length in words, lines and sentences', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), (count) => {
        expect(wordsOf(answer(`Write about rain in ${count} words`))).toHaveLength(count);
        expect(answer(`Write ${count} lines about rain`).split('\n')).toHaveLength(count);
      }),
      { numRuns: 25 },
    );
    expect(wordsOf(answer('Explain tides in five words'))).toHaveLength(5);
    expect(answer('Describe rain in two paragraphs').split('\n\n')).toHaveLength(2);
    expect(answer('Describe rain in three sentences').match(/[.!?](?= |$)/g)).toHaveLength(3);
  });

  it('quotes a question without tearing its quotation marks off', () => {
    const text = answer('In two sentences: what is the headrace of a water mill?');
    expect(text).toContain('water mill?” The question turns on');
  });

  it('does not take words that are spoken about for a length', () => {
    expect(answer('How many words are in "a b"?')).toMatch(/2 words/);
  });

  it('recalls what was said before', () => {
    expect(answerBody(reading('My name is Ada', 'What did I say?'))).toContain('My name is Ada');
    expect(answer('What did I say?')).toContain('first message');
  });

  it('answers from the results of tools', () => {
    const body = answerBody(
      readPrompt([
        { role: 'user', content: 'Weather in Paris?' },
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 'c1', function: { name: 'get_weather', arguments: '{}' } }],
        },
        { role: 'tool', tool_call_id: 'c1', content: '18 degrees' },
      ]),
    );
    expect(body).toBe('The tool get_weather returned: 18 degrees');
  });

  it('mentions attachments', () => {
    const parts = [
      { type: 'text' as const, text: 'Look' },
      { type: 'image_url' as const, image_url: { url: 'data:,' } },
    ];
    expect(answerBody(readPrompt([{ role: 'user', content: parts }]))).toContain('1 image');
  });
});
