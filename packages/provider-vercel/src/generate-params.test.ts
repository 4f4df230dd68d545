import { InvalidRequestError, type Message } from '@headrace/core/plugin';
import { describe, expect, it } from '@jest/globals';
import { type GenerateParams, generateRequest } from './generate-params.js';

const errorOf = (prompt: unknown, params: object = {}): InvalidRequestError => {
  try {
    generateRequest('a/b', prompt as string | readonly Message[], params as GenerateParams);
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidRequestError);
    return error as InvalidRequestError;
  }
  throw new Error('nothing was thrown');
};

describe('generateRequest', () => {
  it.each([
    [undefined, 'prompt'],
    [null, 'prompt'],
    [5, 'prompt'],
    ['', 'prompt'],
    [[], 'prompt'],
    [{ role: 'user', content: 'x' }, 'prompt'],
    [[null], 'prompt[0].role'],
    [['x'], 'prompt[0].role'],
    [[{ content: 'x' }], 'prompt[0].role'],
    [[{ role: 'developer', content: 'x' }], 'prompt[0].role'],
    [[{ role: 'user', content: 'x' }, { role: 'user' }], 'prompt[1].content'],
    [[{ role: 'user', content: { text: 'x' } }], 'prompt[0].content'],
    [[{ role: 'user', content: [{ type: 'text', text: 'x' }, null] }], 'prompt[0].content[1]'],
  ])('refuses the prompt %j and names the place', (prompt, field) => {
    expect(errorOf(prompt).issues).toEqual([expect.objectContaining({ field })]);
  });

  it.each([
    ['max_tokens', 'maxOutputTokens'],
    ['maxTokens', 'maxOutputTokens'],
    ['stop', 'stopSequences'],
    ['top_p', 'topP'],
    ['response_format', 'outputFormat'],
    ['system', 'role "system"'],
  ])('says what to write in place of %s', (field, remedy) => {
    expect(errorOf('Hi', { [field]: 1 }).message).toContain(remedy);
  });

  it('does not take a name of every object for one of its own', () => {
    for (const field of ['toString', 'constructor']) expect(errorOf('Hi', { [field]: 1 }).issues[0]?.field).toBe(field);
  });

  it('takes one text as a message of the user, and messages as they are', () => {
    expect(generateRequest('a/b', 'Hi', {}).messages).toEqual([{ role: 'user', content: 'Hi' }]);
    const messages: readonly Message[] = [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: [] },
    ];
    expect(generateRequest('a/b', messages, {}).messages).toBe(messages);
  });
});
