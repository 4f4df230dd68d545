import {
  InvalidArgumentError,
  type LanguageModelV4CallOptions,
  type LanguageModelV4Message,
  UnsupportedFunctionalityError,
} from '@ai-sdk/provider';
import { describe, expect, it } from '@jest/globals';
import { asking, call, weatherTool } from '../__fixtures__/prompts.js';
import { completionOptions } from './completion-options.js';

const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

const read = (more: Partial<LanguageModelV4CallOptions>, defaults = {}) =>
  completionOptions('route', call(more), defaults);
const messages = (...prompt: LanguageModelV4Message[]) => read({ prompt }).options.messages;
const warnings = (more: Partial<LanguageModelV4CallOptions>) => read(more).notes.warnings;
const user = (...content: Extract<LanguageModelV4Message, { role: 'user' }>['content']): LanguageModelV4Message => ({
  role: 'user',
  content,
});
const assistant = (
  ...content: Extract<LanguageModelV4Message, { role: 'assistant' }>['content']
): LanguageModelV4Message => ({ role: 'assistant', content });

describe('completionOptions', () => {
  it('takes the model and a plain question', () => {
    expect(read({})).toEqual({
      options: { model: 'route', messages: [{ role: 'user', content: 'Name a river.' }] },
      notes: { warnings: [] },
    });
  });

  it('takes every parameter under its name', () => {
    const parameters = {
      maxOutputTokens: 10,
      temperature: 0,
      stopSequences: ['.'],
      topP: 0.5,
      topK: 3,
      presencePenalty: 0.1,
      frequencyPenalty: 0.2,
      seed: 7,
    };
    expect(read({ ...parameters, reasoning: 'high' }).options).toMatchObject({
      ...parameters,
      reasoningEffort: 'high',
    });
  });

  it('says nothing of reasoning where the provider decides', () => {
    expect(read({ reasoning: 'provider-default' }).options).not.toHaveProperty('reasoningEffort');
  });

  it('hands on the signal itself', () => {
    const { signal } = new AbortController();
    expect(read({ abortSignal: signal }).options.signal).toBe(signal);
  });

  it('asks for JSON by a schema that tells its name and description', () => {
    const schema = { type: 'object' as const };
    const responseFormat = { type: 'json' as const, schema, name: 'river', description: 'A river.' };
    expect(read({ responseFormat }).options.output).toEqual({
      title: 'river',
      description: 'A river.',
      type: 'object',
    });
    expect(read({ responseFormat: { type: 'json' } }).options.output).toEqual({ type: 'object' });
    expect(read({ responseFormat: { type: 'text' } }).options).not.toHaveProperty('output');
  });

  it('takes tools, and the choice among them', () => {
    const { options } = read({
      tools: [{ ...weatherTool, strict: true }],
      toolChoice: { type: 'tool', toolName: 'weather' },
    });
    expect(options.tools).toEqual([
      {
        name: 'weather',
        description: 'Tells the weather.',
        strict: true,
        parameters: weatherTool.inputSchema,
      },
    ]);
    expect(options.toolChoice).toEqual({ name: 'weather' });
    for (const type of ['auto', 'none', 'required'] as const)
      expect(read({ tools: [weatherTool], toolChoice: { type } }).options.toolChoice).toBe(type);
  });

  it('has no word on tools where there are none', () => {
    const { options } = read({ tools: [], toolChoice: { type: 'auto' } });
    expect(options).not.toHaveProperty('tools');
    expect(options).not.toHaveProperty('toolChoice');
  });

  it('tells of everything that has no place', () => {
    const tools: LanguageModelV4CallOptions['tools'] = [
      { type: 'provider', id: 'acme.search', name: 'search', args: {} },
      { ...weatherTool, inputExamples: [{ input: { city: 'Bonn' } }] },
    ];
    const told = warnings({ tools, headers: { 'X-Team': 'a', 'user-agent': 'ai/7', nothing: undefined } });
    expect(told.map((one) => one.type === 'unsupported' && one.feature)).toEqual([
      'header x-team',
      'provider-defined tool acme.search',
      'inputExamples of a tool',
    ]);
  });

  it('takes the headers of a trace, which options of the call replace', () => {
    const headers = { Traceparent: '00-1', tracestate: 'a=b' };
    expect(read({ headers }).options.trace).toEqual({ traceparent: '00-1', tracestate: 'a=b' });
    const providerOptions = { headrace: { trace: { traceparent: '00-2' } } };
    expect(read({ headers, providerOptions }).options.trace).toEqual({ traceparent: '00-2' });
  });

  it('takes our options over the defaults, and hands on those of providers', () => {
    const providerOptions = { headrace: { tenant: 'b', maxAttempts: 2 }, acme: { speed: 'high' } };
    expect(read({ providerOptions }, { tenant: 'a', timeoutMs: 5 }).options).toMatchObject({
      tenant: 'b',
      maxAttempts: 2,
      timeoutMs: 5,
      providerOptions: { acme: { speed: 'high' } },
    });
  });

  it('keeps the prompt and the model from being replaced by options', () => {
    for (const name of ['model', 'messages', 'signal', '__proto__'])
      expect(() => read({ providerOptions: { headrace: JSON.parse(`{"${name}":{}}`) as never } })).toThrow(
        InvalidArgumentError,
      );
  });

  it('refuses an option that it does not know, with the one that was probably meant', () => {
    expect(() => read({ providerOptions: { headrace: { tennant: 'a' } } })).toThrow(
      'providerOptions.headrace has no "tennant". Did you mean "tenant"?',
    );
    expect(() => read({ providerOptions: { headrace: { x: 1 } } })).toThrow(/It takes endUser, /);
    expect(() => read({ providerOptions: { headrace: ['x'] as never } })).toThrow('must be an object');
    expect(() =>
      messages({ ...user({ type: 'text', text: 'a', providerOptions: { headrace: { cahce: true } } }) }),
    ).toThrow('prompt[0].content[0].providerOptions.headrace has no "cahce". Did you mean "cache"?');
  });

  it('refuses under strict all that it would leave out, in one error', () => {
    const attempt = () =>
      read({
        headers: { 'x-team': 'a' },
        tools: [{ type: 'provider', id: 'acme.search', name: 'search', args: {} }],
        providerOptions: { headrace: { strict: true } },
      });
    expect(attempt).toThrow(UnsupportedFunctionalityError);
    expect(attempt).toThrow(/header x-team.*\n.*provider-defined tool acme\.search/);
    expect(() => read({ headers: { 'x-team': 'a' } }, { strict: true })).toThrow(UnsupportedFunctionalityError);
  });
});

describe('the messages of a prompt', () => {
  it('are text by text, with the system apart', () => {
    expect(
      messages({ role: 'system', content: 'Be short.' }, ...asking('One'), assistant({ type: 'text', text: 'Two' })),
    ).toEqual([
      { role: 'system', content: 'Be short.' },
      { role: 'user', content: 'One' },
      { role: 'assistant', content: [{ type: 'text', text: 'Two' }] },
    ]);
  });

  it('hold images and files as bytes, as base64 and by address', () => {
    const bytes = Uint8Array.of(1, 2);
    const url = new URL('https://example.com/a.pdf');
    expect(
      messages(
        user(
          { type: 'text', text: 'See' },
          { type: 'file', data: { type: 'data', data: PIXEL }, mediaType: 'image/png' },
          { type: 'file', data: { type: 'data', data: bytes }, mediaType: 'application/pdf', filename: 'a.pdf' },
          { type: 'file', data: { type: 'url', url }, mediaType: 'application/pdf' },
          { type: 'file', data: { type: 'text', text: 'é' }, mediaType: 'text' },
        ),
      ),
    ).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'See' },
          { type: 'image', source: { type: 'base64', data: PIXEL }, mediaType: 'image/png' },
          { type: 'file', source: { type: 'bytes', data: bytes }, mediaType: 'application/pdf', filename: 'a.pdf' },
          { type: 'file', source: { type: 'url', url: 'https://example.com/a.pdf' }, mediaType: 'application/pdf' },
          { type: 'file', source: { type: 'bytes', data: Uint8Array.of(0xc3, 0xa9) }, mediaType: 'text/plain' },
        ],
      },
    ]);
  });

  it('know an image whose type is not said by its bytes', () => {
    for (const data of [PIXEL, new Uint8Array(Buffer.from(PIXEL, 'base64'))])
      for (const mediaType of ['image', 'image/*'])
        expect(messages(user({ type: 'file', data: { type: 'data', data }, mediaType }))).toMatchObject([
          { content: [{ type: 'image', mediaType: 'image/png' }] },
        ]);
  });

  it('leave an address as it was written', () => {
    const file = {
      type: 'url' as const,
      url: new URL('https://example.com/a b'),
      originalUrl: 'https://example.com/a b',
    };
    expect(messages(user({ type: 'file', data: file, mediaType: 'image' }))).toEqual([
      { role: 'user', content: [{ type: 'image', source: { type: 'url', url: 'https://example.com/a b' } }] },
    ]);
  });

  it('refuse a file that lies with one provider', () => {
    const data = { type: 'reference' as const, reference: { acme: 'file_1' } };
    expect(() => messages(user({ type: 'file', data, mediaType: 'application/pdf' }))).toThrow(
      /prompt\[0\]\.content\[0\] is a file that was uploaded to a provider \(acme\)/,
    );
  });

  it('tell that an image goes without its name', () => {
    const prompt = [
      user({ type: 'file', data: { type: 'data', data: PIXEL }, mediaType: 'image/png', filename: 'a.png' }),
    ];
    expect(warnings({ prompt })).toMatchObject([{ type: 'unsupported', feature: 'filename of an image' }]);
  });

  it('keep cache marks, by our name or a vendor’s, and what else is said to providers', () => {
    const mark = { type: 'ephemeral', ttl: '1h' };
    const marks = [
      { headrace: { cache: mark } },
      { anthropic: { cacheControl: mark } },
      { openrouter: { cache_control: mark } },
      { headrace: { cache: mark }, anthropic: { cacheControl: { type: 'ephemeral' } } },
    ];
    for (const providerOptions of marks)
      expect(messages(user({ type: 'text', text: 'a', providerOptions }))).toEqual([
        { role: 'user', content: [{ type: 'text', text: 'a', cache: mark }] },
      ]);
    const providerOptions = { anthropic: { cacheControl: { type: 'ephemeral' }, citations: true } };
    expect(messages({ role: 'system', content: 'a', providerOptions })).toEqual([
      {
        role: 'system',
        content: 'a',
        cache: { type: 'ephemeral' },
        providerOptions: { anthropic: { citations: true } },
      },
    ]);
    expect(read({ tools: [{ ...weatherTool, providerOptions }] }).options.tools).toMatchObject([
      { cache: { type: 'ephemeral' }, providerOptions: { anthropic: { citations: true } } },
    ]);
  });

  it('keep tool calls as JSON, with results of every form', () => {
    const outcome = (
      output: Extract<LanguageModelV4Message, { role: 'tool' }>['content'][number] & { type: 'tool-result' },
    ) => {
      const [message] = messages({ role: 'tool', content: [output] }) ?? [];
      return message?.content[0];
    };
    const result = { type: 'tool-result' as const, toolCallId: 'c', toolName: 'weather' };
    expect(
      messages(assistant({ type: 'tool-call', toolCallId: 'c', toolName: 'weather', input: { city: 'Bonn' } })),
    ).toEqual([
      {
        role: 'assistant',
        content: [{ type: 'tool-call', id: 'c', name: 'weather', argumentsJson: '{"city":"Bonn"}' }],
      },
    ]);
    const base = { type: 'tool-result', toolCallId: 'c' };
    expect(outcome({ ...result, output: { type: 'text', value: 'sun' } })).toEqual({ ...base, content: 'sun' });
    expect(outcome({ ...result, output: { type: 'json', value: { t: 1 } } })).toEqual({ ...base, content: '{"t":1}' });
    expect(outcome({ ...result, output: { type: 'error-text', value: 'no' } })).toEqual({
      ...base,
      content: 'no',
      isError: true,
    });
    expect(outcome({ ...result, output: { type: 'error-json', value: { e: 1 } } })).toEqual({
      ...base,
      content: '{"e":1}',
      isError: true,
    });
    expect(outcome({ ...result, output: { type: 'execution-denied', reason: 'Too late.' } })).toEqual({
      ...base,
      content: 'The call of the tool was denied. Too late.',
      isError: true,
    });
    expect(
      outcome({
        ...result,
        output: {
          type: 'content',
          value: [
            { type: 'text', text: 'a' },
            { type: 'file', data: { type: 'data', data: PIXEL }, mediaType: 'image/png' },
          ],
        },
      }),
    ).toEqual({
      ...base,
      content: [
        { type: 'text', text: 'a' },
        { type: 'image', source: { type: 'base64', data: PIXEL }, mediaType: 'image/png' },
      ],
    });
  });

  it('put the reasoning of an answer together again, before the rest of it', () => {
    const items = (type: string) => ({
      type: 'custom' as const,
      kind: 'headrace.reasoning' as const,
      providerOptions: { headrace: { details: [{ type }] } },
    });
    expect(
      messages(
        assistant(
          { type: 'text', text: 'x' },
          { type: 'reasoning', text: 'I ' },
          { type: 'text', text: 'y' },
          { type: 'reasoning', text: 'think', providerOptions: { acme: { a: 1 } } },
          items('a'),
          { type: 'tool-call', toolCallId: 'c', toolName: 'weather', input: {} },
          items('b'),
          { type: 'reasoning', text: 'other' },
        ),
      ),
    ).toEqual([
      {
        role: 'assistant',
        content: [
          { type: 'reasoning', text: 'I think', details: [{ type: 'a' }], providerOptions: { acme: { a: 1 } } },
          { type: 'text', text: 'x' },
          { type: 'text', text: 'y' },
          { type: 'reasoning', text: '', details: [{ type: 'b' }] },
          { type: 'tool-call', id: 'c', name: 'weather', argumentsJson: '{}' },
          { type: 'reasoning', text: 'other' },
        ],
      },
    ]);
  });

  it('tell of what other providers of the AI SDK left in the history', () => {
    const prompt: LanguageModelV4Message[] = [
      assistant(
        { type: 'tool-call', toolCallId: 's', toolName: 'search', input: {}, providerExecuted: true },
        { type: 'tool-result', toolCallId: 's', toolName: 'search', output: { type: 'text', value: 'found' } },
        { type: 'custom', kind: 'acme.compaction' },
        { type: 'reasoning-file', data: { type: 'data', data: 'AA==' }, mediaType: 'image/png' },
      ),
      { role: 'tool', content: [{ type: 'tool-approval-response', approvalId: 'a', approved: true }] },
      ...asking(),
    ];
    const { options, notes } = read({ prompt });
    expect(options.messages).toEqual([{ role: 'user', content: 'Name a river.' }]);
    expect(notes.warnings.map((one) => one.type === 'unsupported' && one.feature)).toEqual([
      'provider-executed tool call in the prompt',
      'custom part "acme.compaction" in the prompt',
      'reasoning file in the prompt',
      'tool approval for a provider',
    ]);
  });
});
