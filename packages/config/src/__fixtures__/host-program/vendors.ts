import type { JsonValue } from '@headrace/core/plugin';
import { finish, reply, sse, status, write } from '@headrace/testing';
import { anthropicRequest } from './anthropic-request.js';
import { manyMakersRequest, openAiRequest } from './chat-request.js';
import { geminiRequest } from './gemini-request.js';
import { quiet, THOUGHT, type Vendor } from './vendor.js';

const CITY = { city: 'Ulm' };
const streamed = (frames: readonly JsonValue[]) => [
  status(200, { 'content-type': 'text/event-stream' }),
  ...frames.map(sse),
  finish(),
];

const chatChunks = (deltas: readonly Readonly<Record<string, JsonValue>>[], finishReason: string) => [
  ...streamed([
    ...deltas.map((delta) => ({ id: 'c1', model: 'm', choices: [{ index: 0, delta, finish_reason: null }] })),
    { id: 'c1', model: 'm', choices: [{ index: 0, delta: {}, finish_reason: finishReason }] },
    { id: 'c1', model: 'm', choices: [], usage: { prompt_tokens: 9, completion_tokens: 5, total_tokens: 14 } },
    '[DONE]',
  ]),
];

const chatCall = (id: string) => ({
  tool_calls: [{ index: 0, id, type: 'function', function: { name: 'weather', arguments: JSON.stringify(CITY) } }],
});

const chatWhole = (text: string) =>
  reply(200, {
    id: 'c2',
    model: 'm',
    choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 9, completion_tokens: 5, total_tokens: 14 },
  });

const vercel: Vendor = {
  id: 'vercel',
  use: '@headrace/provider-vercel',
  model: 'anthropic/claude-sonnet-5',
  options: quiet,
  paths: ['/v1/chat/completions', '/v1/chat/completions'],
  request: manyMakersRequest,
  signature: 'signature-by-vercel',
  takesCacheMarks: true,
  takesSignaturesOf: ['vercel', 'anthropic', 'google'],
  thinking: chatChunks(
    [
      {
        role: 'assistant',
        reasoning: THOUGHT,
        reasoning_details: [
          {
            type: 'reasoning.text',
            text: THOUGHT,
            signature: 'signature-by-vercel',
            format: 'anthropic-claude-v1',
            index: 0,
          },
        ],
      },
      chatCall('toolu_vrtx_01'),
    ],
    'tool_calls',
  ),
  saying: (text) => chatChunks([{ role: 'assistant', content: text }], 'stop'),
  whole: chatWhole,
};

const openai: Vendor = {
  id: 'openai',
  use: '@headrace/provider-openai-compatible',
  model: 'gpt-5.4',
  options: (url) => ({ ...quiet(`${url}/v1`), preset: 'openai' }),
  paths: ['/v1/chat/completions', '/v1/chat/completions'],
  request: openAiRequest,
  signature: undefined,
  takesCacheMarks: false,
  takesSignaturesOf: [],
  // It tells nothing of its thoughts.
  thinking: chatChunks([{ role: 'assistant', content: null }, chatCall('call_openai_1')], 'tool_calls'),
  saying: (text) => chatChunks([{ role: 'assistant', content: text }], 'stop'),
  whole: chatWhole,
};

const messageFrames = (blocks: readonly (readonly [object, readonly object[]])[], stopReason: string) => [
  status(200, { 'content-type': 'text/event-stream' }),
  ...[
    {
      type: 'message_start',
      message: {
        id: 'msg_1',
        type: 'message',
        role: 'assistant',
        model: 'claude-sonnet-5',
        content: [],
        usage: { input_tokens: 9, output_tokens: 1 },
      },
    },
    ...blocks.flatMap(([block, deltas], index) => [
      { type: 'content_block_start', index, content_block: block },
      ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
      { type: 'content_block_stop', index },
    ]),
    { type: 'message_delta', delta: { stop_reason: stopReason }, usage: { output_tokens: 5 } },
    { type: 'message_stop' },
  ].map((frame) => write(`event: ${frame.type}\ndata: ${JSON.stringify(frame)}\n\n`)),
  finish(),
];

const anthropic: Vendor = {
  id: 'anthropic',
  use: '@headrace/provider-anthropic',
  model: 'claude-sonnet-5',
  options: quiet,
  paths: ['/v1/messages', '/v1/messages'],
  request: anthropicRequest,
  signature: 'signature-by-anthropic',
  takesCacheMarks: true,
  takesSignaturesOf: ['vercel', 'anthropic'],
  thinking: messageFrames(
    [
      [
        { type: 'thinking', thinking: '', signature: '' },
        [
          { type: 'thinking_delta', thinking: THOUGHT },
          { type: 'signature_delta', signature: 'signature-by-anthropic' },
        ],
      ],
      [
        { type: 'tool_use', id: 'toolu_01', name: 'weather', input: {} },
        [{ type: 'input_json_delta', partial_json: JSON.stringify(CITY) }],
      ],
    ],
    'tool_use',
  ),
  saying: (text) => messageFrames([[{ type: 'text', text: '' }, [{ type: 'text_delta', text }]]], 'end_turn'),
  whole: (text) =>
    reply(200, {
      id: 'msg_2',
      type: 'message',
      role: 'assistant',
      model: 'claude-sonnet-5',
      content: [{ type: 'text', text }],
      stop_reason: 'end_turn',
      usage: { input_tokens: 9, output_tokens: 5 },
    }),
};

const candidate = (parts: readonly JsonValue[], finishReason?: string) => ({
  responseId: 'r1',
  modelVersion: 'gemini-3.5-flash',
  candidates: [{ index: 0, content: { role: 'model', parts }, ...(finishReason === undefined ? {} : { finishReason }) }],
  usageMetadata: { promptTokenCount: 9, candidatesTokenCount: 5, totalTokenCount: 14 },
});

const google: Vendor = {
  id: 'google',
  use: '@headrace/provider-google',
  model: 'gemini-3.5-flash',
  options: quiet,
  paths: [
    '/v1beta/models/gemini-3.5-flash:streamGenerateContent?alt=sse',
    '/v1beta/models/gemini-3.5-flash:generateContent',
  ],
  request: geminiRequest,
  signature: 'signature-by-google',
  takesCacheMarks: false,
  takesSignaturesOf: ['google', 'openrouter'],
  thinking: streamed([
    candidate([{ text: THOUGHT, thought: true }]),
    candidate([{ functionCall: { name: 'weather', args: CITY }, thoughtSignature: 'signature-by-google' }], 'STOP'),
  ]),
  saying: (text) => streamed([candidate([{ text }], 'STOP')]),
  whole: (text) => reply(200, candidate([{ text }], 'STOP')),
};

/** The four kinds of upstream. */
export const VENDORS: readonly Vendor[] = [vercel, openai, anthropic, google];

/** Models of Google by an endpoint that speaks as OpenAI does. */
export const OPENROUTER: Vendor = {
  id: 'openrouter',
  use: '@headrace/provider-openai-compatible',
  model: 'google/gemini-3.5-flash',
  options: (url) => ({ ...quiet(`${url}/v1`), preset: 'openrouter' }),
  paths: ['/v1/chat/completions', '/v1/chat/completions'],
  request: manyMakersRequest,
  signature: 'signature-by-openrouter',
  takesCacheMarks: true,
  takesSignaturesOf: ['openrouter', 'google', 'vercel', 'anthropic'],
  thinking: chatChunks(
    [
      { role: 'assistant', reasoning: THOUGHT },
      chatCall('tool_weather_1'),
      {
        reasoning_details: [
          {
            type: 'reasoning.encrypted',
            id: 'tool_weather_1',
            data: 'signature-by-openrouter',
            format: 'google-gemini-v1',
            index: 0,
          },
        ],
      },
    ],
    'tool_calls',
  ),
  saying: (text) => chatChunks([{ role: 'assistant', content: text }], 'stop'),
  whole: chatWhole,
};
