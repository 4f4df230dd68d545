import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { errorOf } from '../__fixtures__/outcome.js';
import type { GenerationParameters } from '../contract/parameters.js';
import { type InputIssue, InvalidRequestError } from '../errors/caller-errors.js';
import type { CompletionOptions } from './gateway.js';
import { prepareCompletion } from './prepare-completion.js';

const asked = { model: 'p1:m1', prompt: 'Hi' };
const tool = (name: string) => ({ name, parameters: { type: 'object' } });
const prepare = (options: object, defaults: GenerationParameters = {}) =>
  prepareCompletion(options as CompletionOptions, 'stream', defaults);

const issuesOf = async (options: object): Promise<readonly InputIssue[]> => {
  const error = await errorOf(() => prepare(options));
  expect(error).toBeInstanceOf(InvalidRequestError);
  return (error as InvalidRequestError).issues;
};

describe('the messages', () => {
  it('are one user message for a prompt', () => {
    expect(prepare(asked).request.messages).toEqual([{ role: 'user', content: 'Hi' }]);
  });

  it('are what was given, with the system message before', () => {
    const messages = [{ role: 'user', content: 'Hi' }] as const;
    expect(prepare({ model: 'm', messages }).request.messages).toEqual(messages);
    expect(prepare({ model: 'm', messages, system: 'Be brief.' }).request.messages).toEqual([
      { role: 'system', content: 'Be brief.' },
      ...messages,
    ]);
    expect(prepare({ ...asked, system: 'Be brief.' }).request.messages[0]).toEqual({
      role: 'system',
      content: 'Be brief.',
    });
  });

  it('keep every kind of part, cache marks and provider options', () => {
    const cache = { type: 'ephemeral', ttl: '1h' } as const;
    const messages = [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'x', cache, providerOptions: { p1: { a: 1 } } },
          { type: 'image', source: { type: 'url', url: 'https://example.com/x.png' }, detail: 'low' },
          { type: 'image', source: { type: 'bytes', data: new Uint8Array([1]) }, mediaType: 'image/png' },
          { type: 'file', source: { type: 'base64', data: 'AA==' }, mediaType: 'application/pdf', filename: 'x.pdf' },
        ],
      },
      {
        role: 'assistant',
        content: [
          { type: 'reasoning', text: 'Hm', details: [{ signature: 's' }] },
          { type: 'tool-call', id: 'c1', name: 'find', argumentsJson: '{}' },
        ],
      },
      { role: 'tool', content: [{ type: 'tool-result', toolCallId: 'c1', content: 'Found.', isError: false }] },
    ];
    expect(prepare({ model: 'm', messages }).request.messages).toEqual(messages);
  });

  it.each([
    ['no message and no prompt', { messages: undefined }, 'messages'],
    ['messages and a prompt', { messages: [{ role: 'user', content: 'x' }], prompt: 'y' }, 'prompt'],
    ['an empty list', { messages: [] }, 'messages'],
    ['an empty prompt', { prompt: '' }, 'prompt'],
    ['an empty system message', { prompt: 'x', system: '' }, 'system'],
    ['a role nobody knows', { messages: [{ role: 'bot', content: 'x' }] }, 'messages[0].role'],
    ['no parts', { messages: [{ role: 'user', content: [] }] }, 'messages[0].content'],
    [
      'a part nobody knows',
      { messages: [{ role: 'user', content: [{ type: 'video' }] }] },
      'messages[0].content[0].type',
    ],
    [
      'an image that is bytes of no known type',
      { messages: [{ role: 'user', content: [{ type: 'image', source: { type: 'base64', data: 'AA==' } }] }] },
      'messages[0].content[0].mediaType',
    ],
    [
      'an image on the disk of the host',
      {
        messages: [{ role: 'user', content: [{ type: 'image', source: { type: 'url', url: 'file:///etc/passwd' } }] }],
      },
      'messages[0].content[0].source.url',
    ],
  ])('are refused: %s', async (_what, options, field) => {
    expect((await issuesOf({ model: 'm', ...options })).map((issue) => issue.field)).toContain(field);
  });
});

describe('what cannot stand together', () => {
  it.each([
    ['effort and budget', { reasoningEffort: 'low', reasoningBudgetTokens: 5 }, 'reasoningBudgetTokens'],
    ['two tools of one name', { tools: [tool('a'), tool('b'), tool('a')] }, 'tools'],
    ['a choice of tools without tools', { toolChoice: 'required' }, 'toolChoice'],
    ['an automatic choice without tools', { toolChoice: 'auto' }, 'toolChoice'],
    ['the choice of a tool without tools', { toolChoice: { name: 'a' } }, 'toolChoice'],
    ['the choice of a tool that is not there', { tools: [tool('a')], toolChoice: { name: 'b' } }, 'toolChoice.name'],
  ])('is refused: %s', async (_what, options, field) => {
    expect(await issuesOf({ ...asked, ...options })).toMatchObject([{ field }]);
  });

  it('is named all at once', async () => {
    const issues = await issuesOf({
      model: 'm',
      reasoningEffort: 'low',
      reasoningBudgetTokens: 5,
      tools: [tool('a'), tool('a')],
      toolChoice: { name: 'b' },
    });
    expect(issues.map(({ field }) => field)).toEqual(['messages', 'reasoningBudgetTokens', 'tools', 'toolChoice.name']);
  });

  it('names the tools there are', async () => {
    const [issue] = await issuesOf({ ...asked, tools: [tool('a'), tool('c')], toolChoice: { name: 'b' } });
    expect(issue?.message).toContain('"a", "c"');
  });

  it('does not include the choice of none without tools', () => {
    expect(prepare({ ...asked, toolChoice: 'none' }).request.toolChoice).toBe('none');
  });
});

describe('unknown and wrong fields', () => {
  it('are named with what was probably meant', async () => {
    expect(await issuesOf({ ...asked, temprature: 1, stream: true })).toMatchObject([
      { field: 'temprature', remedy: 'Did you mean "temperature"?' },
      { field: 'stream', message: 'is not a known field.' },
    ]);
  });

  it.each([
    [{ model: '' }, 'model'],
    [{ temperature: Number.NaN }, 'temperature'],
    [{ temperature: '1' }, 'temperature'],
    [{ topP: 1.1 }, 'topP'],
    [{ topK: 0.5 }, 'topK'],
    [{ maxOutputTokens: 0 }, 'maxOutputTokens'],
    [{ stopSequences: [''] }, 'stopSequences[0]'],
    [{ seed: 0.1 }, 'seed'],
    [{ reasoningEffort: 'hard' }, 'reasoningEffort'],
    [{ reasoningBudgetTokens: -1 }, 'reasoningBudgetTokens'],
    [{ tools: [] }, 'tools'],
    [{ tools: [tool('no spaces')] }, 'tools[0].name'],
    [{ tools: [{ name: 'x' }] }, 'tools[0].parameters'],
    [{ output: 'json' }, 'output'],
    [{ outputModalities: [] }, 'outputModalities'],
    [{ endUser: 'x'.repeat(257) }, 'endUser'],
    [{ providerOptions: { p1: { f: () => {} } } }, 'providerOptions.p1'],
    [{ signal: {} }, 'signal'],
    [{ timeoutMs: 0 }, 'timeoutMs'],
    [{ maxAttempts: 0 }, 'maxAttempts'],
    [{ maxAttempts: 11 }, 'maxAttempts'],
    [{ clocks: { idleMs: 0 } }, 'clocks.idleMs'],
    [{ clocks: { idle: 5 } }, 'clocks.idle'],
    [{ delivery: 'fast' }, 'delivery'],
    [{ tenant: '' }, 'tenant'],
    [{ trace: { parent: 'x' } }, 'trace.parent'],
  ])('%j is refused at %s', async (options, field) => {
    expect(await issuesOf({ ...asked, ...options })).toMatchObject([{ field }]);
  });

  it.each([[undefined], [null], ['Hi'], [[]]])('%p is no request', async (options) => {
    expect(await issuesOf(options as never)).toMatchObject([{ field: 'request' }]);
  });

  it('keeps the prompt out of the message', async () => {
    const error = await errorOf(() =>
      prepare({ model: 'm', prompt: 'a private question', messages: 'x', temprature: 1 }),
    );
    expect((error as Error).message).not.toContain('private');
  });
});

describe('schemas', () => {
  it('of tools travel as JSON Schema', () => {
    const tools = [{ name: 'find', description: 'Finds.', strict: true, parameters: z.object({ q: z.string() }) }];
    expect(prepare({ ...asked, tools }).request.tools).toMatchObject([
      { name: 'find', description: 'Finds.', strict: true, parameters: { type: 'object', properties: { q: {} } } },
    ]);
  });

  it('of the output travel as JSON Schema and check the answer', async () => {
    const { request, output } = prepareCompletion({ ...asked, output: z.object({ n: z.number() }) }, 'whole', {});
    expect(request.outputFormat).toMatchObject({ type: 'json', schema: { type: 'object', required: ['n'] } });
    await expect(output?.parse({ n: 1 })).resolves.toEqual({ n: 1 });
  });

  it('that are wrong are named by their place', async () => {
    const wrong = { name: 'a', parameters: { type: 'object', properties: { q: { type: 'text' } } } };
    expect(await issuesOf({ ...asked, tools: [wrong] })).toMatchObject([
      { field: 'tools[0].parameters.properties.q.type' },
    ]);
    expect(await issuesOf({ ...asked, output: { type: 'text' } })).toMatchObject([{ field: 'output.type' }]);
  });

  it('that are wrong are named all at once', async () => {
    const wrong = (name: string) => ({ name, parameters: { type: 'text' } });
    const issues = await issuesOf({ ...asked, tools: [wrong('a'), wrong('b')], output: { type: 'text' } });
    expect(issues.map(({ field }) => field).sort()).toEqual([
      'output.type',
      'tools[0].parameters.type',
      'tools[1].parameters.type',
    ]);
  });

  it.each([
    // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
    ['conditions', { type: 'object', if: {}, then: {} }],
    ['a negation', { not: { type: 'string' } }],
    ['a pattern that is no regular expression', { type: 'string', pattern: '(' }],
    ['a reference to nowhere', { $ref: '#/$defs/none' }],
  ])('of the output that cannot be checked here are refused before anything is spent: %s', async (_what, output) => {
    expect(await issuesOf({ ...asked, output })).toMatchObject([{ field: 'output' }]);
  });
});

describe('what comes out', () => {
  it('is a request in the contract’s form, with nothing that was not asked', () => {
    expect(prepare(asked).request).toEqual({
      kind: 'completion',
      model: 'p1:m1',
      delivery: 'stream',
      messages: [{ role: 'user', content: 'Hi' }],
      parameters: {},
    });
  });

  it('carries what is asked for the request and what is asked for the call, each in its place', () => {
    const { signal } = new AbortController();
    const forRequest = {
      parallelToolCalls: false,
      outputModalities: ['text', 'image'],
      endUser: 'u1',
      providerOptions: { p1: { order: ['a'] } },
    };
    const forCall = {
      signal,
      timeoutMs: 5,
      maxAttempts: 2,
      clocks: { idleMs: Number.POSITIVE_INFINITY, connectMs: 1 },
      strict: true,
      tenant: 't',
      trace: { traceparent: '00-1-2-00' },
    };
    const prepared = prepare({ ...asked, ...forRequest, ...forCall, delivery: 'whole' });
    expect(prepared).toMatchObject(forCall);
    expect(prepared.signal).toBe(signal);
    expect(prepared.request).toMatchObject({ ...forRequest, delivery: 'whole' });
  });

  it('has the caller’s parameters before the defaults', () => {
    const { parameters } = prepare({ ...asked, temperature: 0 }, { temperature: 1, seed: 7 }).request;
    expect(parameters).toEqual({ temperature: 0, seed: 7 });
  });

  it('does not put a default beside what the caller asked that excludes it', () => {
    expect(prepare({ ...asked, reasoningEffort: 'low' }, { reasoningBudgetTokens: 5 }).request.parameters).toEqual({
      reasoningEffort: 'low',
    });
    expect(prepare({ ...asked, reasoningBudgetTokens: 5 }, { reasoningEffort: 'low' }).request.parameters).toEqual({
      reasoningBudgetTokens: 5,
    });
  });
});
