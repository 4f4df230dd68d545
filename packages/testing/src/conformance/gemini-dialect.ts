import type { TokenCounts } from '../script/token-counts.js';
import type { Dialect, DialectReasoning, DialectToolCall, RenderedReply, RenderedStream } from './dialect.js';
import { geminiErrors } from './gemini-errors.js';

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

const callPartWithoutId = ({ name, argumentsJson }: DialectToolCall): object => ({
  functionCall: { name, args: argsOf(argumentsJson) },
});

/** Calls come parsed: what is no JSON never comes, and the reason says why. */
const reasonOf = (calls: readonly DialectToolCall[]): string =>
  calls.some(({ argumentsJson }) => argsOf(argumentsJson) === undefined) ? 'MALFORMED_FUNCTION_CALL' : 'STOP';

/** The last frame: a part without text, the reason and the counts. */
const last = (finishReason: string, usage: TokenCounts | undefined, part: object = {}): readonly string[] => [
  frame({
    ...said([{ text: '', ...part }], { finishReason }),
    ...(usage === undefined ? {} : { usageMetadata: usageMetadata(usage) }),
  }),
];

const whole = (parts: readonly object[], finishReason: string, usage: TokenCounts): RenderedReply =>
  json({ ...said(parts, { finishReason }), usageMetadata: usageMetadata(usage) });

const stream = (parts: readonly object[], proof: readonly string[]): RenderedStream => ({
  headers: STREAM,
  content: parts.map((part) => frame(said([part]))),
  proof,
});

const textParts = (pieces: readonly string[]): readonly object[] => pieces.map((text) => ({ text }));

/** The signature of what is no call comes with the last part. https://ai.google.dev/gemini-api/docs/thought-signatures */
const reasoningStream = ({ reasoning, signature, text, usage }: DialectReasoning): RenderedStream =>
  stream(
    [...reasoning.map((thought) => ({ text: thought, thought: true })), ...textParts(text)],
    last('STOP', usage, { thoughtSignature: signature }),
  );

const wholeReasoning = ({ reasoning, signature, text, usage }: DialectReasoning): RenderedReply =>
  whole(
    [
      { text: reasoning.join(''), thought: true },
      { text: text.join(''), thoughtSignature: signature },
    ],
    'STOP',
    usage,
  );

/** The native API of Google Gemini: `generateContent` and `streamGenerateContent?alt=sse`. Tool calls come whole. */
export const geminiDialect: Dialect = {
  name: 'gemini',
  lacks: {
    interleavedToolCalls: 'the Gemini API sends each call whole, in one part',
    embeddings: 'the method generateContent makes no vectors',
    ranking: 'the Gemini API ranks no documents',
    images: 'images are parts of an answer, among its text',
  },
  // Such as https://github.com/BerriAI/litellm/issues/2195
  openEnd: 'the Gemini API has no end mark, and some models tell a finish reason with every frame',
  textStream: (pieces, usage, ending = 'STOP') => stream(textParts(pieces), last(ending, usage)),
  wholeText: (text, usage, ending = 'STOP') => whole([{ text }], ending, usage),
  // https://ai.google.dev/api/generate-content#FinishReason
  endings: {
    STOP: 'stop',
    MAX_TOKENS: 'length',
    SAFETY: 'content-filter',
    RECITATION: 'content-filter',
    BLOCKLIST: 'content-filter',
    PROHIBITED_CONTENT: 'content-filter',
    SPII: 'content-filter',
    OTHER: 'unknown',
    OUT_OF_INK: 'unknown',
  },
  toolCallStream: (calls, usage) => stream(calls.map(callPart), last(reasonOf(calls), usage)),
  wholeToolCalls: (calls, usage) => whole(calls.map(callPart), reasonOf(calls), usage),
  toolCallsWithoutIds: (calls, usage) => stream(calls.map(callPartWithoutId), last(reasonOf(calls), usage)),
  textStreamWithoutUsage: (pieces) => stream(textParts(pieces), last('STOP', undefined)),
  reasoningStream,
  wholeReasoning,
  errorBody: (status, message) => json({ error: { code: status, message, status: STATUS_WORDS[status] ?? 'UNKNOWN' } }),
  models: (ids) =>
    json({ models: ids.map((id) => ({ name: `models/${id}`, supportedGenerationMethods: ['generateContent'] })) }),
  inBandError: (message) => frame({ error: { code: 500, message, status: 'INTERNAL' } }),
  malformedFrame: 'data: {"candidates":[{"content":\r\n\r\n',
  unknownFrame: frame({ weather: { wind: 4 }, ...ENVELOPE }),
  errors: geminiErrors,
  keepAlive: ': still here\r\n\r\n',
};
