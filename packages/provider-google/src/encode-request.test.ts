import { type CompletionRequest, InvalidRequestError, type Message } from '@headrace/core/plugin';
import { describe, expect, it } from '@jest/globals';
import { encodeRequest } from './encode-request.js';

const encode = (more: Partial<CompletionRequest>, model = 'gemini-3.5-flash') =>
  encodeRequest(
    {
      kind: 'completion',
      model,
      delivery: 'whole',
      messages: [{ role: 'user', content: 'Hi' }],
      parameters: {},
      ...more,
    },
    'google',
    undefined,
  );
const contents = (messages: readonly Message[], model?: string) => encode({ messages }, model).body['contents'];
const codes = (more: Partial<CompletionRequest>, model?: string) => {
  const { warnings, notes } = encode(more, model);
  return [...warnings, ...notes].map(({ code }) => code);
};
const issues = (more: Partial<CompletionRequest>) => {
  try {
    encode(more);
  } catch (error) {
    if (error instanceof InvalidRequestError) return error.issues;
  }
  return undefined;
};

describe('the conversation', () => {
  it('has its system messages at the beginning, with a warning when one stood further down', () => {
    const { body, warnings } = encode({
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Hi' },
        { role: 'system', content: [{ type: 'text', text: 'Be kind.' }] },
      ],
    });
    expect(body['systemInstruction']).toEqual({ parts: [{ text: 'Be brief.' }, { text: 'Be kind.' }] });
    expect(body['contents']).toEqual([{ role: 'user', parts: [{ text: 'Hi' }] }]);
    expect(warnings).toMatchObject([{ code: 'system-message-moved', field: 'messages[2]' }]);
  });

  it('carries images and files as bytes or as addresses', () => {
    const bytes = new Uint8Array([1, 2, 3]);
    expect(
      contents([
        {
          role: 'user',
          content: [
            { type: 'image', source: { type: 'bytes', data: bytes }, mediaType: 'image/png', detail: 'high' },
            { type: 'image', source: { type: 'url', url: 'https://x.test/a.png' } },
            { type: 'image', source: { type: 'url', url: 'data:image/gif;base64,AAAA' } },
            { type: 'file', source: { type: 'base64', data: 'AQID' }, mediaType: 'application/pdf' },
          ],
        },
      ]),
    ).toEqual([
      {
        role: 'user',
        parts: [
          { inlineData: { mimeType: 'image/png', data: 'AQID' }, mediaResolution: { level: 'MEDIA_RESOLUTION_HIGH' } },
          { fileData: { fileUri: 'https://x.test/a.png' } },
          { inlineData: { mimeType: 'image/gif', data: 'AAAA' } },
          { inlineData: { mimeType: 'application/pdf', data: 'AQID' } },
        ],
      },
    ]);
    expect(
      issues({ messages: [{ role: 'user', content: [{ type: 'image', source: { type: 'bytes', data: bytes } }] }] }),
    ).toMatchObject([{ field: 'messages[0].content[0].mediaType' }]);
  });

  it('says what it has no place for', () => {
    const png = { type: 'image', source: { type: 'base64', data: 'AQID' }, mediaType: 'image/png' } as const;
    expect(
      codes(
        {
          messages: [{ role: 'user', content: [{ ...png, detail: 'low', cache: { type: 'ephemeral' } }] }],
          tools: [
            { name: 't', parameters: { type: 'object' }, strict: true, providerOptions: { google: {}, other: {} } },
          ],
          parallelToolCalls: false,
          endUser: 'u',
          outputFormat: { type: 'json', name: 'n', description: 'd' },
        },
        'gemini-2.5-flash',
      ).sort(),
    ).toEqual([
      'cache-mark-dropped',
      'end-user-dropped',
      'image-detail-dropped',
      'output-format-reduced',
      'output-format-reduced',
      'parameter-dropped',
      'provider-options-dropped',
      'tool-strict-dropped',
    ]);
  });
});

describe('tools', () => {
  const call = { type: 'tool-call', id: 'c1', name: 'look', argumentsJson: '{"a":1}' } as const;
  const asked: Message = { role: 'assistant', content: [call] };

  it('are chosen as the call says', () => {
    const mode = (toolChoice: CompletionRequest['toolChoice']) =>
      encode(toolChoice === undefined ? {} : { toolChoice }).body['toolConfig'];
    expect(mode('auto')).toEqual({ functionCallingConfig: { mode: 'AUTO' } });
    expect(mode('none')).toEqual({ functionCallingConfig: { mode: 'NONE' } });
    expect(mode('required')).toEqual({ functionCallingConfig: { mode: 'ANY' } });
    expect(mode({ name: 'look' })).toEqual({ functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['look'] } });
    expect(mode(undefined)).toBeUndefined();
  });

  it('have their results together, failures as errors, media where the model takes them', () => {
    const image = { type: 'image', source: { type: 'base64', data: 'AQID' }, mediaType: 'image/png' } as const;
    const messages: Message[] = [
      { role: 'assistant', content: [call, { ...call, id: 'c2' }] },
      { role: 'tool', content: [{ type: 'tool-result', toolCallId: 'c1', content: 'no', isError: true }] },
      {
        role: 'tool',
        content: [{ type: 'tool-result', toolCallId: 'c2', content: [{ type: 'text', text: 'yes' }, image] }],
      },
    ];
    const results = (withParts: boolean) => ({
      role: 'user',
      parts: [
        { functionResponse: { id: 'c1', name: 'look', response: { error: 'no' } } },
        {
          functionResponse: {
            id: 'c2',
            name: 'look',
            response: { output: 'yes' },
            ...(withParts ? { parts: [{ inlineData: { mimeType: 'image/png', data: 'AQID' } }] } : {}),
          },
        },
      ],
    });
    expect((contents(messages) as object[])[1]).toEqual(results(true));
    expect((contents(messages, 'gemini-2.5-pro') as object[])[1]).toEqual(results(false));
    expect(codes({ messages }, 'gemini-2.5-pro')).toEqual(['part-dropped']);
  });

  it('refuse a result whose call is not there, before anything is sent', () => {
    expect(
      issues({
        messages: [asked, { role: 'tool', content: [{ type: 'tool-result', toolCallId: 'c9', content: '' }] }],
      }),
    ).toMatchObject([{ field: 'messages[1].content[0].toolCallId' }]);
  });

  it('of another model are told to need no signature, where one is demanded, and that is said', () => {
    const foreign: Message = {
      role: 'assistant',
      content: [
        { type: 'reasoning', text: 'Hm.', details: [{ type: 'reasoning.text', text: 'Hm.', signature: 'x' }] },
        call,
        { ...call, id: 'c2' },
      ],
    };
    expect(contents([foreign])).toEqual([
      {
        role: 'model',
        parts: [
          { text: 'Hm.', thought: true },
          {
            functionCall: { id: 'c1', name: 'look', args: { a: 1 } },
            thoughtSignature: 'skip_thought_signature_validator',
          },
          { functionCall: { id: 'c2', name: 'look', args: { a: 1 } } },
        ],
      },
    ]);
    expect(codes({ messages: [foreign] })).toEqual(['reasoning-details-dropped', 'reasoning-signature-missing']);
    expect(JSON.stringify(contents([asked], 'gemini-2.5-flash'))).not.toContain('thoughtSignature');
  });

  it('keep a signature that belongs to a text on the last text, and others by themselves', () => {
    const detail = (data: string) => ({ type: 'reasoning.encrypted', format: 'google-gemini-v1', data });
    const content = [
      { type: 'reasoning', text: '', details: [detail('s1'), detail('s2')] } as const,
      { type: 'text', text: 'Done.' } as const,
    ];
    expect(contents([{ role: 'assistant', content }])).toEqual([
      {
        role: 'model',
        parts: [
          { text: '', thoughtSignature: 's1' },
          { text: 'Done.', thoughtSignature: 's2' },
        ],
      },
    ]);
    expect(contents([{ role: 'assistant', content: content.slice(0, 1) }])).toEqual([
      {
        role: 'model',
        parts: [
          { text: '', thoughtSignature: 's1' },
          { text: '', thoughtSignature: 's2' },
        ],
      },
    ]);
  });
});

describe('parameters', () => {
  it('stand in generationConfig under their own names', () => {
    const parameters = { temperature: 0, topP: 0.5, topK: 3, maxOutputTokens: 9, stopSequences: ['x'], seed: 1 };
    expect(encode({ parameters }).body['generationConfig']).toEqual(parameters);
  });

  it.each([
    ['gemini-3.5-flash', { reasoningEffort: 'low' }, { thinkingLevel: 'low', includeThoughts: true }, []],
    [
      'gemini-3.5-flash',
      { reasoningEffort: 'max' },
      { thinkingLevel: 'high', includeThoughts: true },
      ['parameter-renamed'],
    ],
    ['gemini-3.5-flash', { reasoningEffort: 'none' }, undefined, ['parameter-dropped']],
    ['gemini-2.5-flash', { reasoningEffort: 'none' }, { thinkingBudget: 0 }, []],
    [
      'gemini-2.5-flash',
      { reasoningEffort: 'high' },
      { thinkingBudget: 24_576, includeThoughts: true },
      ['parameter-emulated'],
    ],
    ['gemini-2.5-pro', { reasoningBudgetTokens: 500 }, { thinkingBudget: 500, includeThoughts: true }, []],
  ] as const)('tell %s how to think: %p', (model, parameters, expected, warnings) => {
    const { body } = encode({ parameters }, model);
    expect((body['generationConfig'] as { thinkingConfig?: object } | undefined)?.thinkingConfig).toEqual(expected);
    expect(codes({ parameters }, model)).toEqual(warnings);
  });

  it('ask for JSON of a schema, and for images', () => {
    const schema = { type: 'object' };
    expect(
      encode({ outputFormat: { type: 'json', schema }, outputModalities: ['text', 'image'] }).body['generationConfig'],
    ).toEqual({
      responseMimeType: 'application/json',
      responseJsonSchema: schema,
      responseModalities: ['TEXT', 'IMAGE'],
    });
  });
});

describe('options of the call', () => {
  it('reach the body, and none that is not known', () => {
    const google = {
      safetySettings: [{ category: 'HARM_CATEGORY_HARASSMENT', threshold: 'BLOCK_NONE' }],
      cachedContent: 'cachedContents/a',
      tools: [{ googleSearch: {} }],
      imageConfig: { aspectRatio: '16:9' },
      includeThoughts: false,
      serviceTier: 'priority',
    };
    expect(encode({ providerOptions: { google, other: { x: 1 } } }).body).toMatchObject({
      safetySettings: google.safetySettings,
      cachedContent: 'cachedContents/a',
      tools: [{ googleSearch: {} }],
      serviceTier: 'priority',
      generationConfig: { imageConfig: { aspectRatio: '16:9' }, thinkingConfig: { includeThoughts: false } },
    });
    expect(issues({ providerOptions: { google: { safetySetting: [], cachedContent: 3 } } })).toMatchObject([
      { field: 'providerOptions.google.cachedContent' },
      { field: 'providerOptions.google.safetySetting', remedy: 'Did you mean "safetySettings"?' },
    ]);
  });
});
