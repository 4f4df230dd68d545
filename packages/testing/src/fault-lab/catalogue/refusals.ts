import { errorReply } from '../../chat/error-reply.js';
import { reply } from '../../upstream/upstream-step.js';
import type { Fault } from '../fault.js';
import { both, HOPELESS, NEEDS_FALLBACK } from '../outlook.js';

/** An upstream that will not, however often it is asked. */
export const REFUSALS: readonly Fault[] = [
  {
    name: 'spent-money',
    title: '402: the credit is spent',
    expected: both(NEEDS_FALLBACK),
    causes: ['quota'],
    isFinal: true,
    primary: () => errorReply(402),
  },
  {
    name: 'spent-quota',
    title: '429 that means spent money (insufficient_quota)',
    expected: both(NEEDS_FALLBACK),
    causes: ['quota'],
    isFinal: true,
    primary: () =>
      errorReply(429, {
        type: 'insufficient_quota',
        code: 'insufficient_quota',
        message: 'You exceeded your current quota, please check your plan and billing details.',
      }),
  },
  {
    name: 'key-not-accepted',
    title: '401',
    expected: both(NEEDS_FALLBACK),
    causes: ['credential'],
    isFinal: true,
    primary: () => errorReply(401),
  },
  {
    name: 'key-without-permission',
    title: '403',
    expected: both(NEEDS_FALLBACK),
    causes: ['forbidden'],
    isFinal: true,
    primary: () => errorReply(403),
  },
  {
    name: 'model-missing',
    title: '404: there is no such model',
    expected: both(NEEDS_FALLBACK),
    causes: ['model-not-found'],
    isFinal: true,
    primary: () => errorReply(404, { message: 'Model "lab/river" not found' }),
  },
  {
    name: 'bad-request',
    title: '400: the request is wrong',
    expected: both(HOPELESS),
    causes: ['caller'],
    isFinal: true,
    primary: () => errorReply(400, { message: 'messages: at least one message is required', param: 'messages' }),
  },
  {
    name: 'context-too-long',
    title: '400: the input is longer than the context',
    expected: both(NEEDS_FALLBACK),
    causes: ['context-length'],
    isFinal: true,
    primary: () =>
      errorReply(400, {
        code: 'context_length_exceeded',
        message: "This model's maximum context length is 8192 tokens. However, your messages resulted in 9001 tokens.",
      }),
  },
  {
    name: 'content-refused',
    title: '400: the prompt is against the content policy',
    expected: both(HOPELESS),
    causes: ['content-policy'],
    isFinal: true,
    primary: () =>
      errorReply(400, {
        code: 'content_policy_violation',
        message: 'Your request was rejected as a result of our content policy.',
      }),
  },
  {
    name: 'redirect',
    title: '307 to another origin, which answers',
    expected: both(NEEDS_FALLBACK),
    causes: ['malformed'],
    primary: ({ elsewhereUrl, request }) => reply(307, '', { location: `${elsewhereUrl}${request.path}` }),
  },
];
