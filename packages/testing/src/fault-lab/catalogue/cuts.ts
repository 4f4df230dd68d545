import { errorReply } from '../../chat/error-reply.js';
import { wait } from '../../script/answer-step.js';
import { cut, finish, raw, reply, reset, status, type UpstreamStep, write } from '../../upstream/upstream-step.js';
import type { Fault, Scene } from '../fault.js';
import { SSE } from '../lab-answer.js';
import { BROKEN_OFF, HARMLESS, NEEDS_FALLBACK, NEEDS_RECOVERY } from '../outlook.js';
import { beginning, bodyOf, chunk, firstFrames, halfReply, headersOf, healthy, prefillOf } from './parts.js';

const refusedPrefill = (): readonly UpstreamStep[] =>
  errorReply(400, {
    message: 'This model does not support assistant message prefill. The conversation must end with a user message.',
  });

const rawHead = (scene: Scene, more: string): string =>
  `HTTP/1.1 200 OK\r\ncontent-type: ${headersOf(scene)['content-type']}${more}\r\n\r\n`;

/** An answer that stops before its end, in every way a connection knows. */
export const CUTS: readonly Fault[] = [
  {
    name: 'cut-before-content',
    title: 'the connection is closed after a frame without content',
    expected: { stream: NEEDS_FALLBACK },
    causes: ['truncated', 'transport'],
    primary: (scene) => [...beginning(scene, 0), cut()],
  },
  {
    name: 'cut-early',
    title: 'the connection is closed after the first piece',
    expected: BROKEN_OFF,
    causes: ['truncated'],
    primary: (scene) => [...beginning(scene, 1), cut()],
  },
  {
    name: 'cut-late',
    title: 'the connection is closed after the last piece, before the end is proved',
    expected: { stream: NEEDS_RECOVERY },
    causes: ['truncated'],
    primary: (scene) => [...beginning(scene, scene.answer.pieces.length), cut()],
  },
  {
    name: 'cut-in-character',
    title: 'the connection is closed within a character',
    expected: { stream: NEEDS_RECOVERY },
    causes: ['truncated'],
    primary: (scene) => {
      const frame = Buffer.from(scene.answer.content[4] ?? '');
      return [...beginning(scene, 3), write(frame.subarray(0, frame.indexOf('泥') + 1)), cut()];
    },
  },
  {
    name: 'reset-mid-stream',
    title: 'the connection is reset after part of the answer',
    expected: BROKEN_OFF,
    causes: ['truncated', 'transport'],
    primary: (scene) => [...beginning(scene, 3), reset()],
  },
  {
    name: 'missing-end',
    title: 'the body ends well, and the answer does not',
    expected: BROKEN_OFF,
    causes: ['truncated', 'malformed'],
    primary: (scene) => [...beginning(scene, 3), finish()],
  },
  {
    name: 'missing-finish-reason',
    title: 'part of the answer without a finish reason, and [DONE]',
    expected: BROKEN_OFF,
    causes: ['truncated'],
    primary: (scene) => {
      if (scene.delivery === 'stream') return [...beginning(scene, 3), write('data: [DONE]\n\n')];
      const message = { role: 'assistant', content: scene.answer.begin(3) };
      return reply(200, { ...scene.answer.reply, choices: [{ index: 0, message, finish_reason: null }] });
    },
  },
  {
    name: 'missing-done',
    title: 'the whole answer with its finish reason, without [DONE]',
    expected: { stream: HARMLESS },
    causes: [],
    primary: ({ answer }) => [status(200, SSE), ...answer.frames.slice(0, -1).map(write)],
  },
  {
    name: 'body-until-close',
    title: 'a body without length that ends where the connection does, in the middle',
    expected: BROKEN_OFF,
    causes: ['truncated', 'malformed'],
    primary: (scene) => {
      const head = raw(rawHead(scene, '\r\nconnection: close'));
      if (scene.delivery === 'whole') return [head, raw(halfReply(scene)), cut()];
      return [head, raw(firstFrames(scene, 3).join('')), wait(scene.seen(scene.answer.begin(3).length)), cut()];
    },
  },
  {
    name: 'length-too-long',
    title: 'content-length promises more than comes before the connection is closed',
    expected: BROKEN_OFF,
    causes: ['truncated', 'transport'],
    primary: (scene) => {
      const head = raw(rawHead(scene, '\r\ncontent-length: 100000'));
      if (scene.delivery === 'whole') return [head, raw(halfReply(scene)), cut()];
      return [head, raw(firstFrames(scene, 3).join('')), wait(scene.seen(scene.answer.begin(3).length)), cut()];
    },
  },
  {
    name: 'length-too-short',
    title: 'content-length ends the body in the middle of the answer',
    expected: BROKEN_OFF,
    causes: ['truncated', 'malformed', 'transport'],
    primary: (scene) => {
      const told = scene.delivery === 'stream' ? firstFrames(scene, 3).join('') : halfReply(scene);
      return [raw(rawHead(scene, `\r\ncontent-length: ${Buffer.byteLength(told)}`)), raw(bodyOf(scene)), cut()];
    },
  },
  {
    name: 'broken-chunks',
    title: 'a chunk whose length is no number, after part of the answer',
    expected: BROKEN_OFF,
    causes: ['truncated', 'transport', 'malformed'],
    primary: (scene) => {
      const head = raw(rawHead(scene, '\r\ntransfer-encoding: chunked'));
      const broken = raw('zz\r\nno chunk\r\n');
      if (scene.delivery === 'whole') return [head, raw(chunk(halfReply(scene))), broken, cut()];
      const shown = wait(scene.seen(scene.answer.begin(3).length));
      return [head, raw(chunk(firstFrames(scene, 3).join(''))), shown, broken, cut()];
    },
  },
  {
    name: 'prefill-refused',
    title: 'the connection is closed after part of the answer, and no target goes on from there (400)',
    expected: { stream: NEEDS_RECOVERY },
    causes: ['truncated'],
    primary: (scene) => (prefillOf(scene.request) === '' ? [...beginning(scene, 3), cut()] : refusedPrefill()),
    fallback: (scene) => (prefillOf(scene.request) === '' ? healthy(scene) : refusedPrefill()),
  },
];
