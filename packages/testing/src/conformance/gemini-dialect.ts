import type { TokenCounts } from '../script/token-counts.js';
import type { Dialect, DialectToolCall, RenderedReply } from './dialect.js';

const STREAM = { 'content-type': 'text/event-stream' };
const JSON_BODY = { 'content-type': 'application/json; charset=UTF-8' };
const ENVELOPE = { modelVersion: 'gemini-3.5-flash', responseId: 'Il0taoSYJ5Cez7' };

/** https://google.aip.dev/193 and https://cloud.google.com/apis/design/errors */
const STATUS_WORDS: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  409: 'ABORTED',
  429: 'RESOURCE_EXHAUSTED',
  499: 'CANCELLED',
  500: 'INTERNAL',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
};

const json = (value: unknown): RenderedReply => ({ headers: JSON_BODY, body: JSON.stringify(value) });

const frame = (value: object): string => `data: ${JSON.stringify(value)}\r\n\r\n`;

/** Gemini counts thoughts beside the candidates, and images among them. */
const usageMetadata = ({ input = 0, cacheRead = 0, output = 0, reasoning = 0, image = 0 }: TokenCounts): object => ({
  promptTokenCount: input,
  ...(cacheRead === 0 ? {} : { cachedContentTokenCount: cacheRead }),
  candidatesTokenCount: output - reasoning,
  ...(reasoning === 0 ? {} : { thoughtsTokenCount: reasoning }),
  ...(image === 0 ? {} : { candidatesTokensDetails: [{ modality: 'IMAGE', tokenCount: image }] }),
  totalTokenCount: input + output,
});

const said = (parts: readonly object[], more: object = {}): object => ({
  candidates: [{ content: { role: 'model', parts }, index: 0, ...more }],
  ...ENVELOPE,
});

const argsOf = (pieces: readonly string[]): unknown => {
  try {
    return JSON.parse(pieces.join('') || '{}');
  } catch {
    return undefined;
  }
};

const callPart = ({ id, name, argumentsJson }: DialectToolCall): object => ({
  functionCall: { id, name, args: argsOf(argumentsJson) },
});

/** Calls come parsed: what is no JSON never comes, and the reason says why. */
const reasonOf = (calls: readonly DialectToolCall[]): object => ({
  finishReason: calls.some(({ argumentsJson }) => argsOf(argumentsJson) === undefined)
    ? 'MALFORMED_FUNCTION_CALL'
    : 'STOP',
});

/** The native API of Google Gemini: `generateContent` and `streamGenerateContent?alt=sse`. Tool calls come whole. */
export const geminiDialect: Dialect = {
  name: 'gemini',
  textStream: (pieces, usage) => ({
    headers: STREAM,
    content: pieces.map((text) => frame(said([{ text }]))),
    proof: [frame({ ...said([{ text: '' }], { finishReason: 'STOP' }), usageMetadata: usageMetadata(usage) })],
  }),
  wholeText: (text, usage) =>
    json({ ...said([{ text }], { finishReason: 'STOP' }), usageMetadata: usageMetadata(usage) }),
  toolCallStream: (calls, usage) => ({
    headers: STREAM,
    content: calls.map((call) => frame(said([callPart(call)]))),
    proof: [frame({ ...said([{ text: '' }], reasonOf(calls)), usageMetadata: usageMetadata(usage) })],
  }),
  wholeToolCalls: (calls, usage) =>
    json({ ...said(calls.map(callPart), reasonOf(calls)), usageMetadata: usageMetadata(usage) }),
  errorBody: (status, message) => json({ error: { code: status, message, status: STATUS_WORDS[status] ?? 'UNKNOWN' } }),
  inBandError: (message) => frame({ error: { code: 500, message, status: 'INTERNAL' } }),
  malformedFrame: 'data: {"candidates":[{"content":\r\n\r\n',
  keepAlive: ': still here\r\n\r\n',
};
