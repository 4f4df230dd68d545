import { errorReply } from '../../chat/error-reply.js';
import { repeat, reply, sse, status, type UpstreamStep, write } from '../../upstream/upstream-step.js';
import type { Fault } from '../fault.js';
import { JSON_BODY, SSE } from '../lab-answer.js';
import { both, HARMLESS, HOPELESS, NEEDS_FALLBACK, NEEDS_RECOVERY } from '../outlook.js';
import { beginning, firstFrames, once } from './parts.js';

const PAGE = '<!doctype html><html><head><title>Welcome</title></head><body>Please sign in.</body></html>';

const restOf = (frames: readonly string[], from: number): readonly UpstreamStep[] => frames.slice(from).map(write);

/** An answer that is not what the protocol says, under the status 200. */
export const MALFORMED: readonly Fault[] = [
  {
    name: 'malformed-frame-first',
    title: 'the frame of the first piece is no JSON; the rest is as it should be',
    expected: { stream: NEEDS_FALLBACK },
    causes: ['malformed', 'truncated'],
    primary: ({ answer }) => [
      status(200, SSE),
      write(answer.content[0] ?? ''),
      write('data: {"id":"gen_x","choices":[{"delta":{"content":"Riv\n\n'),
      ...restOf(answer.frames, 2),
    ],
  },
  {
    name: 'malformed-frame-later',
    title: 'the frame of a later piece is no JSON; the rest is as it should be',
    expected: { stream: NEEDS_RECOVERY },
    causes: ['malformed', 'truncated'],
    primary: (scene) => [
      ...beginning(scene, 3),
      write('data: {"id":"gen_x","choices":[{"delta":{"content":"some\n\n'),
      ...restOf(scene.answer.frames, 5),
    ],
  },
  {
    name: 'frame-without-beginning',
    title: 'the frame of a later piece has lost its beginning; the rest is as it should be',
    expected: { stream: NEEDS_RECOVERY },
    causes: ['malformed', 'truncated'],
    primary: (scene) => [
      ...beginning(scene, 3),
      write('data: "delta":{"content":"some"}}]}\n\n'),
      ...restOf(scene.answer.frames, 5),
    ],
  },
  {
    name: 'list-for-frame',
    title: 'the frame of a later piece is a list; the rest is as it should be',
    expected: { stream: NEEDS_RECOVERY },
    causes: ['malformed', 'truncated'],
    primary: (scene) => [
      ...beginning(scene, 3),
      sse([{ choices: [{ index: 0, delta: { content: 'some' } }] }]),
      ...restOf(scene.answer.frames, 5),
    ],
  },
  {
    name: 'content-of-wrong-type',
    title: 'content that is a number',
    expected: { stream: NEEDS_RECOVERY, whole: NEEDS_FALLBACK },
    causes: ['malformed'],
    primary: (scene) => {
      const { answer, delivery } = scene;
      if (delivery === 'stream')
        return [
          ...beginning(scene, 3),
          sse({ id: 'gen_x', choices: [{ index: 0, delta: { content: 42 } }] }),
          ...restOf(answer.frames, 5),
        ];
      const message = { role: 'assistant', content: 42 };
      return reply(200, { ...answer.reply, choices: [{ index: 0, message, finish_reason: 'stop' }] });
    },
  },
  {
    name: 'malformed-json',
    title: 'a body that is no JSON',
    expected: { whole: NEEDS_FALLBACK },
    causes: ['malformed', 'truncated'],
    primary: ({ answer }) => {
      const body = JSON.stringify(answer.reply).replace('"choices":', '"choices"');
      return reply(200, body, JSON_BODY);
    },
  },
  {
    name: 'html-page',
    title: '200 with an HTML page',
    expected: both(NEEDS_FALLBACK),
    causes: ['malformed'],
    primary: () => reply(200, PAGE, { 'content-type': 'text/html' }),
  },
  {
    name: 'empty-body',
    title: '200 with nothing in it',
    expected: both(NEEDS_FALLBACK),
    causes: ['malformed', 'truncated'],
    primary: ({ delivery }) => reply(200, '', delivery === 'stream' ? SSE : JSON_BODY),
  },
  {
    name: 'no-content',
    title: '204 in place of an answer',
    expected: both(NEEDS_FALLBACK),
    causes: ['malformed', 'truncated'],
    primary: () => [status(204)],
  },
  {
    name: 'json-for-stream',
    title: 'the answer as one JSON document where a stream was asked for',
    expected: { stream: HARMLESS },
    causes: ['malformed'],
    primary: ({ answer }) => reply(200, answer.reply),
  },
  {
    name: 'stream-for-json',
    title: 'the answer as a stream where one JSON document was asked for',
    expected: { whole: HARMLESS },
    causes: ['malformed'],
    primary: ({ answer }) => answer.healthy('stream'),
  },
  {
    name: 'error-before-content',
    title: '200, and an error in place of the answer',
    expected: both(NEEDS_FALLBACK),
    causes: ['upstream', 'capacity'],
    primary: ({ delivery }) => {
      const error = { error: { message: 'The engine stopped.', type: 'internal_server_error', code: 500 } };
      return delivery === 'stream' ? [status(200, SSE), sse(error)] : reply(200, error);
    },
  },
  {
    name: 'error-after-content',
    title: 'an error in the stream, after part of the answer',
    expected: { stream: NEEDS_RECOVERY },
    causes: ['upstream', 'capacity'],
    primary: (scene) => [
      ...beginning(scene, 3),
      sse({ error: { message: 'The engine stopped.', type: 'internal_server_error', code: 500 } }),
    ],
  },
  {
    name: 'null-choices',
    title: 'choices that are null',
    expected: both(NEEDS_FALLBACK),
    causes: ['malformed', 'truncated'],
    primary: ({ answer, delivery }) => {
      const nothing = { ...answer.reply, choices: null };
      return delivery === 'stream' ? [status(200, SSE), sse(nothing), sse('[DONE]')] : reply(200, nothing);
    },
  },
  {
    name: 'frame-without-end',
    title: 'a frame that never ends',
    expected: { stream: NEEDS_FALLBACK },
    causes: ['malformed', 'silence'],
    effort: 'heavy',
    primary: () => [status(200, SSE), write('data: {"a":"'), repeat('a'.repeat(1_024 * 1_024), 1)],
  },
  {
    name: 'content-filter',
    title: 'a filter stops the answer in the middle, and says so',
    expected: both(HOPELESS),
    causes: ['content-policy'],
    primary: (scene) => {
      const { answer, delivery } = scene;
      if (delivery === 'whole') {
        const message = { role: 'assistant', content: answer.begin(3) };
        return reply(200, { ...answer.reply, choices: [{ index: 0, message, finish_reason: 'content_filter' }] });
      }
      const proof = answer.proof.map((frame) =>
        frame.replace('"finish_reason":"stop"', '"finish_reason":"content_filter"'),
      );
      return [status(200, SSE), ...[...firstFrames(scene, 3), ...proof].map(write)];
    },
  },
  {
    name: 'tool-arguments-broken',
    title: 'a tool call whose arguments are no JSON',
    expected: { stream: HOPELESS, whole: NEEDS_FALLBACK },
    causes: ['malformed'],
    asks: 'tools',
    primary: ({ answer, delivery }) => {
      const damaged = (text: string): string => text.replaceAll(String.raw`Köln\"}`, 'Köln');
      if (delivery === 'whole') return reply(200, damaged(JSON.stringify(answer.reply)), JSON_BODY);
      return [status(200, SSE), ...answer.frames.map((frame) => write(damaged(frame)))];
    },
  },
  {
    name: 'tool-calls-of-one-index',
    title: 'two tool calls that both say they are number 0',
    expected: { stream: HARMLESS },
    causes: ['malformed'],
    asks: 'tools',
    primary: ({ answer }) => [
      status(200, SSE),
      ...answer.frames.map((frame) => write(frame.replace('"tool_calls":[{"index":1', '"tool_calls":[{"index":0'))),
    ],
  },
  {
    name: 'overloaded-hides-as-400',
    title: '400 whose body says that the upstream is overloaded, then the answer',
    expected: both(HARMLESS),
    causes: ['capacity'],
    primary: once(() => errorReply(400, { type: 'overloaded_error', message: 'Overloaded' })),
  },
];
